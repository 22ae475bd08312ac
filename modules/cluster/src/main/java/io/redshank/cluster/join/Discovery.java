package io.redshank.cluster.join;

import java.util.List;

/** How a node that starts finds the others. */
public sealed interface Discovery {
    /**
     * They are where it is said.
     *
     * @param addresses as {@code host}, which stands for the ports 5701 to 5705 there, or {@code host:port}
     */
    record Members(List<String> addresses) implements Discovery {
        /** Copies the addresses. */
        public Members {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * They are the pods behind a headless service.
     *
     * @param serviceDns its whole name, for example {@code redshank.default.svc.cluster.local}
     * @param port at which the pods are reached
     */
    record Kubernetes(String serviceDns, int port) implements Discovery {}
}
