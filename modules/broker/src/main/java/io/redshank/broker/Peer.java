package io.redshank.broker;

import io.redshank.broker.RefusedConnectException.Refusal;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection, as far as that is known before CONNECT: an address, and the certificate shown in a
 * TLS handshake. Confined to the connection's event loop.
 */
final class Peer {
    private final Admission.Place place;
    private SocketAddress address;
    private @Nullable X509Certificate certificate;
    private @Nullable Refusal refusal;

    /** Somebody with this place among the connections of the listener, who seems to be at this address. */
    Peer(Admission.Place place, SocketAddress address) {
        this.place = place;
        this.address = address;
    }

    /** The address is this one: that of the connection itself, or what a proxy says. */
    void isAt(SocketAddress known) {
        address = known;
        if (known instanceof InetSocketAddress internet && internet.getAddress() != null) {
            place.comesFrom(internet.getAddress());
        }
    }

    /** The address of the client, also if a proxy is in between. */
    SocketAddress address() {
        return address;
    }

    void hasShown(X509Certificate shown) {
        certificate = shown;
    }

    /** The certificate of the client, found valid; null if it has shown none. */
    @Nullable
    X509Certificate certificate() {
        return certificate;
    }

    /** The common name in the client's certificate; null without either. */
    @Nullable
    String commonName() {
        return certificate == null ? null : commonName(certificate);
    }

    private static @Nullable String commonName(X509Certificate certificate) {
        try {
            LdapName subject =
                    new LdapName(certificate.getSubjectX500Principal().getName());
            for (int i = subject.size() - 1; i >= 0; i--) { // the most specific part is the last
                Rdn part = subject.getRdn(i);
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    return name.isEmpty() ? null : name;
                }
            }
            return null;
        } catch (InvalidNameException unreadable) {
            return null;
        }
    }

    /** Whatever the CONNECT says, it is refused. */
    void refuse(Refusal why) {
        refusal = why;
    }

    /** Why the CONNECT will be refused; null if nothing speaks against it. */
    @Nullable
    Refusal refusal() {
        return refusal == null ? place.refusal() : refusal;
    }

    /** Whether the connection is to be closed without a word. */
    boolean isTurnedAway() {
        return place.isTurnedAway();
    }

    /** The address, for logs. */
    @Override
    public String toString() {
        return address.toString();
    }
}
