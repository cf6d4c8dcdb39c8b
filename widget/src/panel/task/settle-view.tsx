export default () => <div class="block" />;
