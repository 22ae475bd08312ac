package io.redshank.testkit;

import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows its certificate also to a server that says that it trusts others only; Java's own would then show none. */
final class InsistentClient extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final X509Bundle certificate;

    InsistentClient(X509Bundle certificate) {
        this.certificate = certificate;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return certificate.getCertificatePath();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return certificate.getKeyPair().getPrivate();
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
