/**
 * What tests need around them: real Redis servers that can be frozen, killed and started again, and an MQTT client that
 * sends any bytes. Used in test scope only, and blocking throughout.
 */
@NullMarked
@CheckReturnValue
package io.redshank.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
