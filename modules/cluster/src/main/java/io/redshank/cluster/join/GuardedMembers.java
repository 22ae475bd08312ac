package io.redshank.cluster.join;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.EndpointConfig;
import com.hazelcast.config.SocketInterceptorConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.nio.MemberSocketInterceptor;

/**
 * Starts Hazelcast with our handshake before each connection. The open edition asks its extension for such an interceptor as the
 * other one does, and only has none of its own: this door is not in its documentation, so a test knocks at it.
 */
final class GuardedMembers extends DefaultNodeContext {
    private final MemberHandshake handshake;

    private GuardedMembers(MemberHandshake handshake) {
        this.handshake = handshake;
    }

    static HazelcastInstance start(Config config, MemberHandshake handshake) {
        SocketInterceptorConfig asked = new SocketInterceptorConfig().setEnabled(true);
        config.getNetworkConfig().setSocketInterceptorConfig(asked);
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
        for (EndpointConfig endpoint : network.getEndpointConfigs().values()) {
            endpoint.setSocketInterceptorConfig(asked);
        }
        return HazelcastInstanceFactory.newHazelcastInstance(
                config, HazelcastInstanceFactory.createInstanceName(config), new GuardedMembers(handshake));
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
        return new Extension(node, handshake);
    }

    private static final class Extension extends DefaultNodeExtension {
        private final MemberHandshake handshake;

        Extension(Node node, MemberHandshake handshake) {
            super(node);
            this.handshake = handshake;
        }

        @Override
        public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier endpoint) {
            return handshake;
        }
    }
}
