/** A verticle of a user's, as an example. Knows events, and nothing of the node that runs it. */
@NullMarked
@CheckReturnValue
package io.redshank.example;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
