package io.redshank.broker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of certificates or of a private key in PEM. Reading it takes its time: not for an event loop that serves. */
final class PemFile {
    private static final long MOST_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final String CERTIFICATES = "a PEM file with certificates (-----BEGIN CERTIFICATE-----)";
    private static final String KEY =
            "a PEM file with a private key that has no passphrase (-----BEGIN PRIVATE KEY-----);"
                    + " 'openssl pkey -in FILE -out NEW' makes one of what OpenSSL can read";

    private final UnusableTlsException.Part part;
    private final Path path;

    /** One piece of a PEM file: what it says that it is, and its bytes. */
    private record Block(String label, byte[] bytes) {}

    /** The file that is this part of a configuration. */
    PemFile(UnusableTlsException.Part part, Path path) {
        this.part = part;
        this.path = path;
    }

    /** All certificates in it, in their order; at least one. */
    List<X509Certificate> certificates() throws UnusableTlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(CERTIFICATES)) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw unusable("a file without a certificate", CERTIFICATES);
        }
        return certificates;
    }

    /** The private key in it, which is the one of this certificate. */
    PrivateKey keyOf(X509Certificate certificate) throws UnusableTlsException {
        List<Block> blocks = blocks(KEY);
        if (blocks.stream().anyMatch(block -> block.label().equals("ENCRYPTED PRIVATE KEY"))) {
            throw unusable("a key with a passphrase", KEY);
        }
        Block key = blocks.stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .findFirst()
                .orElseThrow(() -> unusable("a file without a private key", KEY));
        PublicKey other = certificate.getPublicKey();
        byte[] pkcs8 = key.label().equals("PRIVATE KEY") ? key.bytes() : Der.pkcs8(key.bytes(), other.getEncoded());
        try {
            PrivateKey decoded =
                    KeyFactory.getInstance(other.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (KeyPairs.belongTogether(decoded, other)) {
                return decoded;
            }
        } catch (GeneralSecurityException undecodable) {
            // said below: which of the two is wrong cannot be told
        }
        throw unusable(
                "a key that does not belong to the certificate in certfile", "the private key of that certificate");
    }

    private X509Certificate certificate(Block block) throws UnusableTlsException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException undecodable) {
            throw unusable("a certificate that cannot be decoded", CERTIFICATES);
        }
    }

    private List<Block> blocks(String allowed) throws UnusableTlsException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(allowed));
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException notBase64) {
                throw unusable("a file that is not PEM", allowed);
            }
        }
        return blocks;
    }

    private String text(String allowed) throws UnusableTlsException {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw unusable("a file of more than " + MOST_BYTES + " bytes", allowed);
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException absent) {
            throw unusable("no such file", allowed);
        } catch (IOException unreadable) {
            throw unusable("a file that cannot be read (" + unreadable + ")", allowed);
        }
    }

    private UnusableTlsException unusable(String found, String allowed) {
        return new UnusableTlsException(part, path, found, allowed);
    }
}
