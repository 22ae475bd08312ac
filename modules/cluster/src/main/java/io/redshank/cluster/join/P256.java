package io.redshank.cluster.join;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;

/** Key pairs on the curve P-256; also the one that belongs to a seed, which the JDK does not offer. */
final class P256 {
    private static final String CURVE = "secp256r1";

    private final ECParameterSpec curve;
    private final BigInteger p;
    private final BigInteger a;

    P256() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(CURVE));
        this.curve = parameters.getParameterSpec(ECParameterSpec.class);
        this.p = ((ECFieldFp) curve.getCurve().getField()).getP();
        this.a = curve.getCurve().getA();
    }

    KeyPair random() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(curve);
        return generator.generateKeyPair();
    }

    /** The same for the same seed, which has 64 bytes, so that all keys are alike likely. */
    KeyPair of(byte[] seed) throws GeneralSecurityException {
        BigInteger secret = new BigInteger(1, seed)
                .mod(curve.getOrder().subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
        KeyFactory keys = KeyFactory.getInstance("EC");
        return new KeyPair(
                keys.generatePublic(new ECPublicKeySpec(times(curve.getGenerator(), secret), curve)),
                keys.generatePrivate(new ECPrivateKeySpec(secret, curve)));
    }

    private ECPoint times(ECPoint point, BigInteger factor) {
        ECPoint result = ECPoint.POINT_INFINITY;
        for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
            result = sum(result, result);
            if (factor.testBit(bit)) {
                result = sum(result, point);
            }
        }
        return result;
    }

    private ECPoint sum(ECPoint one, ECPoint other) {
        if (one.equals(ECPoint.POINT_INFINITY)) {
            return other;
        }
        if (other.equals(ECPoint.POINT_INFINITY)) {
            return one;
        }
        if (one.getAffineX().equals(other.getAffineX()) && !one.equals(other)) {
            return ECPoint.POINT_INFINITY;
        }
        BigInteger slope = one.equals(other) ? tangent(one) : chord(one, other);
        BigInteger x = slope.multiply(slope)
                .subtract(one.getAffineX())
                .subtract(other.getAffineX())
                .mod(p);
        BigInteger y = slope.multiply(one.getAffineX().subtract(x))
                .subtract(one.getAffineY())
                .mod(p);
        return new ECPoint(x, y);
    }

    private BigInteger tangent(ECPoint point) {
        BigInteger x = point.getAffineX();
        BigInteger above = x.multiply(x).multiply(BigInteger.valueOf(3)).add(a);
        return above.multiply(point.getAffineY().shiftLeft(1).modInverse(p));
    }

    private BigInteger chord(ECPoint one, ECPoint other) {
        BigInteger across = other.getAffineX().subtract(one.getAffineX());
        return other.getAffineY()
                .subtract(one.getAffineY())
                .multiply(across.mod(p).modInverse(p));
    }
}
