/**
 * The routes that the first screen does not ask. In the source the table in shared/ is whole and there is nothing to
 * do; the build leaves it with the first screen's own and puts the others in here, to come with what asks them.
 */
import "@cadenza/shared/routes";
