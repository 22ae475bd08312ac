/**
 * What is counted, and what of it is said under {@code $SYS/broker}, as Mosquitto says it. Knows neither connections nor packets.
 */
@NullMarked
@CheckReturnValue
package io.redshank.broker.sys;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
