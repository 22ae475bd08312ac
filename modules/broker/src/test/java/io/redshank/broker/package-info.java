/** Tests of the MQTT server: whole brokers on a port, with the verticles behind them played by the test. */
@NullMarked
package io.redshank.broker;

import org.jspecify.annotations.NullMarked;
