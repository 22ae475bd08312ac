package io.redshank.cluster.join;

import com.hazelcast.cluster.Member;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.NodeName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A member of the cluster, as all others see it.
 *
 * @param incarnation which run of the node it is
 * @param self whether it is the one that asks
 * @param address its Hazelcast's, {@code host:port}
 * @param protocol the version of what nodes say to each other
 * @param layout the version of what is in Redis
 * @param attributes what the node was given to show
 */
public record MemberInfo(
        NodeName node,
        long incarnation,
        boolean self,
        String address,
        int protocol,
        int layout,
        Map<String, String> attributes) {
    /** The version of what nodes say to each other; raised with each change that the version before does not understand. */
    public static final int PROTOCOL = 2;
    /** The version of our keys in Redis; raised with each change that the version before would spoil. */
    public static final int LAYOUT = 1;

    private static final String NODE = "redshank.node";
    private static final String INCARNATION = "redshank.incarnation";
    private static final String PROTOCOL_KEY = "redshank.protocol";
    private static final String LAYOUT_KEY = "redshank.layout";
    private static final String GIVEN = "redshank.given.";

    /** Copies the attributes. */
    public MemberInfo {
        attributes = Map.copyOf(attributes);
    }

    /** What Hazelcast shall show of the node that these options are for. */
    static Map<String, String> shown(ClusterOptions options) {
        Map<String, String> shown = new HashMap<>();
        options.attributes().forEach((key, value) -> shown.put(GIVEN + key, value));
        shown.put(NODE, options.node().value());
        shown.put(INCARNATION, Long.toString(options.incarnation()));
        shown.put(PROTOCOL_KEY, Integer.toString(PROTOCOL));
        shown.put(LAYOUT_KEY, Integer.toString(LAYOUT));
        return shown;
    }

    /** Empty for a member that is no node of ours. */
    static Optional<MemberInfo> of(Member member) {
        Map<String, String> given = new HashMap<>();
        member.getAttributes().forEach((key, value) -> {
            if (key.startsWith(GIVEN)) {
                given.put(key.substring(GIVEN.length()), value);
            }
        });
        try {
            return Optional.of(new MemberInfo(
                    new NodeName(attribute(member, NODE)),
                    Long.parseLong(attribute(member, INCARNATION)),
                    member.localMember(),
                    addressOf(member),
                    Integer.parseInt(attribute(member, PROTOCOL_KEY)),
                    Integer.parseInt(attribute(member, LAYOUT_KEY)),
                    given));
        } catch (NumberFormatException | MalformedMqttException stranger) {
            return Optional.empty();
        }
    }

    static String addressOf(Member member) {
        String host = member.getAddress().getHost();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + member.getAddress().getPort();
    }

    private static String attribute(Member member, String key) {
        String value = member.getAttribute(key);
        return value == null ? "" : value;
    }
}
