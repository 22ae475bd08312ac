/**
 * MQTT as a whole node speaks it, packet by packet, each test with the statements of the specification that it shows. Holds no
 * test of what the storage behind it looks like.
 */
@NullMarked
@CheckReturnValue
package io.redshank.verification.conformance;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
