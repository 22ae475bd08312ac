/** Devices at work while the node is killed and started again, and the count of what they lost, got twice or out of order. */
@NullMarked
@CheckReturnValue
package io.redshank.verification.chaos;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
