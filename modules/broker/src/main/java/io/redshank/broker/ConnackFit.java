package io.redshank.broker;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps CONNACK within the maximum packet size of an MQTT 5 client [MQTT-3.1.2-24], whoever sends it: what can be done without is
 * left out, and where that is not enough the connection is closed without a CONNACK. Goes out of the pipeline with the CONNACK.
 */
final class ConnackFit extends ChannelDuplexHandler {
    /** What is left out first, and last. A client that is not told of topic aliases uses none. */
    private static final List<MqttPropertyType> DISPENSABLE = List.of(
            MqttPropertyType.REASON_STRING, // [MQTT-3.2.2-19]
            MqttPropertyType.RESPONSE_INFORMATION,
            MqttPropertyType.SERVER_REFERENCE,
            MqttPropertyType.TOPIC_ALIAS_MAXIMUM);

    private static final int FLAGS_AND_CODE = 2;

    private long maximum = Long.MAX_VALUE;

    /** Whether a CONNACK with these properties, or with those of them that it needs, is not too large for a client. */
    static boolean fits(MqttProperties properties, long maximum) {
        return fitting(properties, maximum) != null;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object packet) {
        if (packet instanceof MqttConnectMessage connect) {
            Long said =
                    PropertyReader.number(connect.variableHeader().properties(), MqttPropertyType.MAXIMUM_PACKET_SIZE);
            maximum = said == null || said == 0 ? Long.MAX_VALUE : said; // 0 is an error, and answered as one
        }
        context.fireChannelRead(packet);
    }

    @Override
    public void write(ChannelHandlerContext context, Object packet, ChannelPromise promise) {
        if (!(packet instanceof MqttConnAckMessage connack)) {
            context.write(packet, promise);
            return;
        }
        MqttConnAckVariableHeader header = connack.variableHeader();
        MqttProperties told = fitting(header.properties(), maximum);
        if (told == null) {
            promise.trySuccess();
            context.channel().close();
            return;
        }
        context.write(
                new MqttConnAckMessage(
                        connack.fixedHeader(),
                        new MqttConnAckVariableHeader(header.connectReturnCode(), header.isSessionPresent(), told)),
                promise);
        context.pipeline().remove(this);
    }

    private static @Nullable MqttProperties fitting(MqttProperties properties, long maximum) {
        List<MqttProperties.MqttProperty<?>> told = new ArrayList<>();
        properties.listAll().forEach(told::add);
        for (MqttPropertyType type : DISPENSABLE) {
            if (sizeWith(told) <= maximum) {
                break;
            }
            told.removeIf(property -> property.propertyId() == type.value());
        }
        if (sizeWith(told) > maximum) {
            return null;
        }
        MqttProperties fitting = new MqttProperties();
        told.forEach(fitting::add);
        return fitting;
    }

    /** The size of the whole packet. */
    private static long sizeWith(List<MqttProperties.MqttProperty<?>> told) {
        long properties = told.stream().mapToLong(PropertyWriter::sizeOf).sum();
        long length = FLAGS_AND_CODE + PropertyWriter.sizeOfVariableInteger(properties) + properties;
        return 1 + PropertyWriter.sizeOfVariableInteger(length) + length;
    }
}
