/**
 * A load generator that speaks just enough MQTT 3.1.1 to saturate a broker and to check what it delivers. Knows nothing of
 * the broker's own code: it is a stranger at the other end of the wire, so that it can measure any broker alike.
 */
@NullMarked
@CheckReturnValue
package io.redshank.bench;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
