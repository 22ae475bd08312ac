/**
 * Fixtures for tests: Redis servers, nodes as processes, MQTT clients of bytes and devices of real client libraries. Waits where a
 * test may wait, and is never part of a node.
 */
@NullMarked
@CheckReturnValue
package io.redshank.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
