package io.redshank.broker;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** As much of DER as it takes to give a private key of OpenSSL's older forms the form that Java reads. */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int LONG_FORM = 0x80;

    private Der() {}

    /**
     * PKCS #8 of a bare key ({@code RSA PRIVATE KEY}, {@code EC PRIVATE KEY}).
     *
     * @param publicKey the public key that belongs to it, encoded: it names the algorithm and its parameters
     */
    static byte[] pkcs8(byte[] bareKey, byte[] publicKey) {
        int inside = headerLength(publicKey, 0);
        int algorithm = headerLength(publicKey, inside) + contentLength(publicKey, inside);
        byte[] algorithmIdentifier = Arrays.copyOfRange(publicKey, inside, inside + algorithm);
        return tagged(SEQUENCE, VERSION_0, algorithmIdentifier, tagged(OCTETS, bareKey));
    }

    private static int headerLength(byte[] der, int at) {
        int first = Byte.toUnsignedInt(der[at + 1]);
        return first < LONG_FORM ? 2 : 2 + first - LONG_FORM;
    }

    private static int contentLength(byte[] der, int at) {
        int first = Byte.toUnsignedInt(der[at + 1]);
        if (first < LONG_FORM) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < first - LONG_FORM; i++) {
            length = length << 8 | Byte.toUnsignedInt(der[at + 2 + i]);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length < LONG_FORM) {
            all.write(length);
        } else {
            all.write(LONG_FORM | 3); // no key is longer than three bytes can count
            all.write(length >> 16);
            all.write(length >> 8);
            all.write(length);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}
