package io.redshank.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ScramClient;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramSecretTest {
    /** Of the password "pencil", by Python's hashlib, with the salt of RFC 7677. */
    static final String PENCIL = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
            + "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    /** Of the bytes ff fe 00 and "secret", by the same. */
    private static final String OF_BYTES = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA=="
            + "$/KHIpMRcgGdkTB6PEyHAd4bqfuyE7HdY6HLX+GWsApM=:OQgBB3kZgSbFBpEAibXc2bY2CMSlEz2EoI3XgtGEi2w=";

    @Test
    void secretOfPassword_isThatOfOtherSoftware() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        assertThat(ScramSecret.of("pencil".getBytes(UTF_8), salt, 4096).text()).isEqualTo(PENCIL);
        assertThat(ScramSecret.of("pencil".getBytes(UTF_8), "salt".getBytes(UTF_8), 5000)
                        .text())
                .isEqualTo(ScramClient.secret("pencil", "salt", 5000));
    }

    @Test
    void text_isReadAsItIsWritten() {
        assertThat(ScramSecret.parse(PENCIL)).hasValueSatisfying(secret -> {
            assertThat(secret.text()).isEqualTo(PENCIL);
            assertThat(secret).hasToString("SCRAM-SHA-256 with 4096 iterations");
        });
    }

    @Test
    void freshSecret_hasASaltOfItsOwn() {
        ScramSecret one = ScramSecret.of("pw".getBytes(UTF_8), 4096);
        assertThat(one.salt())
                .hasSize(16)
                .isNotEqualTo(ScramSecret.of("pw".getBytes(UTF_8), 4096).salt());
        assertThat(one.isOf("pw".getBytes(UTF_8))).isTrue();
    }

    @Test
    void password_isBytes() {
        byte[] password = {(byte) 0xFF, (byte) 0xFE, 0, 's', 'e', 'c', 'r', 'e', 't'};
        ScramSecret secret = ScramSecret.parse(OF_BYTES).orElseThrow();
        assertThat(secret.isOf(password)).isTrue();
        assertThat(secret.isOf(new String(password, UTF_8).getBytes(UTF_8))).isFalse();
    }

    /** RFC 4013, section 3; where SASLprep prohibits a text, it stands for itself. */
    @ParameterizedTest
    @CsvSource({"I\u00ADX, IX, true", "\u2168, IX, true", "\u00AA, a, true", "USER, user, false", "'\u0007x', x, false"
    })
    void password_isPrepared(String written, String other, boolean same) {
        byte[] salt = "salt".getBytes(UTF_8);
        ScramSecret secret = ScramSecret.of(written.getBytes(UTF_8), salt, 4096);
        assertThat(secret.isOf(written.getBytes(UTF_8))).isTrue();
        assertThat(secret.isOf(other.getBytes(UTF_8))).isEqualTo(same);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pencil",
                "md5d1a8f9e3b1",
                "SCRAM-SHA-1$4096:W22Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "SCRAM-SHA-256$4095:W22Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "SCRAM-SHA-256$1000001:W22Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "SCRAM-SHA-256$99999999999:W22Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "SCRAM-SHA-256$4096:$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "SCRAM-SHA-256$4096:W2!Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "SCRAM-SHA-256$4096:W22Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qYAAAAA:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "SCRAM-SHA-256$4096:W22Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2d==",
                "SCRAM-SHA-256$4096:W22Z$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
            })
    void otherText_isNoSecret(String text) {
        assertThat(ScramSecret.parse(text)).isEmpty();
    }
}
