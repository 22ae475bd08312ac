/**
 * The words of MQTT as values: an invalid one cannot be constructed. Knows nothing but the JDK.
 */
@NullMarked
@CheckReturnValue
package io.redshank.model;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
