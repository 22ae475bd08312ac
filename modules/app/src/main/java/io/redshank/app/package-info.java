/**
 * The runnable node: the command line, and the one place where its parts are put together. Knows every other module, and none
 * knows it.
 */
@NullMarked
@CheckReturnValue
package io.redshank.app;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
