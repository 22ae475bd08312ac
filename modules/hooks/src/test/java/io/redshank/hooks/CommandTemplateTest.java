package io.redshank.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.impl.RequestImpl;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTemplateTest {
    private static final ClientId CLIENT = new ClientId("c1");
    private static final TopicName TOPIC = new TopicName("a/b");
    private static final MessageId ID = new MessageId("0000000000000000000x");
    private static final NodeName NODE = new NodeName("n@h");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    client.connected     | SET conn:${clientid} clientid             | set conn:c1 c1
                    client.connected     | SET ${node}:${username} ts                | set n@h:ann 7
                    session.created      | SADD nodes node                           | sadd nodes n@h
                    client.disconnected  | SET disconn:${clientid} clientid          | set disconn:c1 c1
                    session.subscribed   | HSET sub:${clientid} topic qos            | hset sub:c1 a/+ 1
                    session.unsubscribed | SET unsub:${clientid} topic               | set unsub:c1 a/+
                    session.unsubscribed | DEL mqtt:acked:${clientid}:${topic}       | del mqtt:acked:c1:a/+
                    message.publish      | RPUSH pub:${topic} msgid                  | rpush pub:a/b 0000000000000000000x
                    message.publish      | SET ${clientid}${clientid}:x qos          | set c1c1:x 1
                    message.acked        | HSET ack:${clientid} topic msgid          | hset ack:c1 a/b 0000000000000000000x
                    message.delivered    | HSET delivered:${clientid} topic msgid    | hset delivered:c1 a/b 0000000000000000000x
                    message.delivered    | SET ${ts} username                        | set 7 ann
                    message.publish      | PUBLISH  $x  $payload-topics:topic        | publish $x $payload-topics:topic
                    """)
    void seedExample_isRenderedAsWritten(String hook, String line, String expected) throws Exception {
        Hook known = Hook.named(hook).orElseThrow();
        assertThat(words(CommandTemplate.parse(known, line, true).render(event(known))))
                .isEqualTo(expected);
    }

    @Test
    void bareWords_areTextWhenSwitchedOff() throws Exception {
        CommandTemplate template = CommandTemplate.parse(Hook.CLIENT_CONNECTED, "SET ${clientid} clientid", false);
        assertThat(words(template.render(event(Hook.CLIENT_CONNECTED)))).isEqualTo("set c1 clientid");
    }

    @Test
    void bareWord_ofAnotherHook_isText() throws Exception {
        CommandTemplate template = CommandTemplate.parse(Hook.CLIENT_CONNECTED, "SET topic payload", true);
        assertThat(words(template.render(event(Hook.CLIENT_CONNECTED)))).isEqualTo("set topic payload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET p ${payload}", "SET p payload"})
    void payloadOfAnyBytes_isOneArgument(String line) throws Exception {
        byte[] payload = {'a', ' ', 'b', 0, (byte) 0xff, (byte) 0xfe, '\r', '\n'};
        CommandTemplate template = CommandTemplate.parse(Hook.MESSAGE_PUBLISH, line, true);
        List<byte[]> arguments = arguments(template.render(HookVariables.ofPublish(message(payload), "ann", 7)));
        assertThat(arguments).hasSize(2);
        assertThat(arguments.get(1)).isEqualTo(payload);
    }

    @Test
    void payloadInsideAField_keepsItsBytes() throws Exception {
        byte[] payload = {(byte) 0xff, ' ', 0};
        CommandTemplate template = CommandTemplate.parse(Hook.MESSAGE_PUBLISH, "SET k <${payload}>", true);
        List<byte[]> arguments = arguments(template.render(HookVariables.ofPublish(message(payload), "ann", 7)));
        assertThat(arguments.get(1)).isEqualTo(new byte[] {'<', (byte) 0xff, ' ', 0, '>'});
    }

    @Test
    void spacesInsideATopic_doNotSplit() throws Exception {
        CommandTemplate template = CommandTemplate.parse(Hook.SESSION_SUBSCRIBED, "HSET s:${topic} topic qos", true);
        HookVariables values = HookVariables.ofSubscribed(CLIENT, new TopicFilter("a b/#"), Qos.EXACTLY_ONCE);
        assertThat(arguments(template.render(values)))
                .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .containsExactly("s:a b/#", "a b/#", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HMSET m:${msgid} ${message}", "HMSET m:${msgid} message"})
    void message_becomesPairs(String line) throws Exception {
        CommandTemplate template = CommandTemplate.parse(Hook.MESSAGE_PUBLISH, line, true);
        assertThat(words(template.render(event(Hook.MESSAGE_PUBLISH))))
                .isEqualTo("hmset m:0000000000000000000x id 0000000000000000000x from c1 qos 1 topic a/b"
                        + " payload hello ts 7 retain true");
    }

    @Test
    void argumentsBehindMessage_keepTheirPlace() throws Exception {
        CommandTemplate template = CommandTemplate.parse(Hook.MESSAGE_PUBLISH, "XADD s * ${message} qos ${qos}", false);
        assertThat(words(template.render(event(Hook.MESSAGE_PUBLISH))))
                .startsWith("xadd s * id ")
                .endsWith(" retain true qos 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    client.connected     | SET x ${payload}     | found ${payload}, allowed under client.connected: ${clientid}, ${username}, ${node}, ${ts}
                    session.subscribed   | SET x ${msgid}       | found ${msgid}, allowed under session.subscribed: ${clientid}, ${topic}, ${qos}
                    session.unsubscribed | SET x ${qos}         | found ${qos}, allowed under session.unsubscribed: ${clientid}, ${topic}
                    message.publish      | SET x:${node} 1      | found ${node}, allowed under message.publish: ${clientid}, ${username}, ${ts}, ${topic}, ${qos}, ${msgid}, ${payload}, ${message}
                    message.acked        | SET x ${}            | found ${}, allowed under message.acked: ${clientid}, ${username}, ${ts}, ${topic}, ${msgid}
                    message.delivered    | SET x ${Topic}       | found ${Topic}, allowed under message.delivered: ${clientid}, ${username}, ${ts}, ${topic}, ${msgid}
                    session.unsubscribed | SET x:${clientid 1   | found '${clientid' without its }, allowed under session.unsubscribed: ${clientid}, ${topic}
                    message.publish      | SET x:${message} 1   | found ${message} inside 'x:${message}', allowed is ${message} as a field of its own
                    message.publish      | ' '                  | found no command, allowed is a Redis command and its arguments, split by one space
                    message.publish      | ${topic} x           | found '${topic}' as the command, allowed is the name of a Redis command
                    message.publish      | subscribe x          | found SUBSCRIBE, allowed are commands that leave a connection as it is
                    message.publish      | BLPOP x 0            | found BLPOP, allowed are commands that leave a connection as it is
                    message.publish      | XREAD block 0 STREAMS x $ | found XREAD with BLOCK, allowed is XREAD without it
                    """)
    void badLine_isSaid(String hook, String line, String expected) {
        assertThatThrownBy(() -> CommandTemplate.parse(Hook.named(hook).orElseThrow(), line, true))
                .isInstanceOf(InvalidCommandException.class)
                .hasMessage(expected);
    }

    @Test
    void keyForALog_hidesPayloadsAndControlCharacters() throws Exception {
        CommandTemplate template = CommandTemplate.parse(Hook.MESSAGE_PUBLISH, "SET ${topic}:${payload} 1", true);
        Message message = new Message(
                ID,
                CLIENT,
                new TopicName("a\nb"),
                Qos.AT_LEAST_ONCE,
                false,
                Payload.of("secret".getBytes(StandardCharsets.UTF_8)),
                0);
        assertThat(template.keyFor(HookVariables.ofPublish(message, "", 0))).isEqualTo("a?b:${payload}");
        assertThat(template.commandName()).isEqualTo("SET");
    }

    private static HookVariables event(Hook hook) {
        return switch (hook) {
            case CLIENT_CONNECTED, CLIENT_DISCONNECTED, SESSION_CREATED ->
                HookVariables.ofClient(CLIENT, "ann", NODE, 7);
            case SESSION_SUBSCRIBED -> HookVariables.ofSubscribed(CLIENT, new TopicFilter("a/+"), Qos.AT_LEAST_ONCE);
            case SESSION_UNSUBSCRIBED -> HookVariables.ofUnsubscribed(CLIENT, new TopicFilter("a/+"));
            case MESSAGE_PUBLISH ->
                HookVariables.ofPublish(message("hello".getBytes(StandardCharsets.UTF_8)), "ann", 7);
            case MESSAGE_DELIVERED, MESSAGE_ACKED -> HookVariables.ofDelivery(ID, TOPIC, CLIENT, "ann", 7);
        };
    }

    private static Message message(byte[] payload) {
        return new Message(ID, CLIENT, TOPIC, Qos.AT_LEAST_ONCE, true, Payload.of(payload), 7000);
    }

    private static List<byte[]> arguments(Request request) {
        return ((RequestImpl) request).getArgs();
    }

    private static String words(Request request) {
        StringBuilder words = new StringBuilder(request.command().toString());
        arguments(request).forEach(bytes -> words.append(' ').append(new String(bytes, StandardCharsets.UTF_8)));
        return words.toString();
    }
}
