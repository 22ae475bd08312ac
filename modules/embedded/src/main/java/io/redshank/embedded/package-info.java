/**
 * A real redis-server, started and ended by its user: a node without a Redis of its own, or a test. Knows processes and files,
 * and of Redis' protocol only PING.
 */
@NullMarked
@CheckReturnValue
package io.redshank.embedded;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
