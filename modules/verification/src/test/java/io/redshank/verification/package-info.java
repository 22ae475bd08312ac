/**
 * What holds for the code as a whole: which module may know which, and the rules of the house that a compiler cannot hold.
 * Knows every module; none knows it.
 */
@NullMarked
@CheckReturnValue
package io.redshank.verification;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
