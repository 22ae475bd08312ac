package io.redshank.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.auth.RefusedLoginException.Reason;
import io.redshank.model.Payload;
import io.redshank.testkit.ScramClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SCRAM as a client sees it, message by message. */
class ScramExchangeTest {
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    private final Users users = Users.of(List.of(
            new User("user", ScramSecret.parse(ScramSecretTest.PENCIL).orElseThrow()),
            user("a,b=c", "comma"),
            user("IX", "roman"),
            user("\u0007", "bell")));
    private final Mechanism scram = new ScramSha256(() -> users);

    private static User user(String name, String password) {
        return new User(
                name,
                ScramSecret.parse(ScramClient.secret(password, "salt of " + name, 4096))
                        .orElseThrow());
    }

    /** RFC 7677, section 3. */
    @Test
    void exampleOfTheRfc_isSpoken() {
        Exchange exchange = new ScramSha256(() -> users, () -> SERVER_NONCE).begin();
        assertThat(say(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))
                .isEqualTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        Step last = answer(
                exchange,
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(text(last)).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(last.user()).isEqualTo("user");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user|pencil|user",
                "a,b=c|comma|a,b=c",
                "I\u00ADX|roman|IX",
                "\u2168|roman|IX",
                "'\u0007'|bell|'\u0007'"
            })
    void rightProof_isThatOfTheUser(String name, String password, String user) {
        ScramClient client = new ScramClient(name, password);
        Exchange exchange = scram.begin();
        Step last = answer(exchange, client.last(say(exchange, client.first())));
        assertThat(last.user()).isEqualTo(user);
        assertThat(client.trusts(text(last))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"n,,", "y,,", "n,a=user,", "y,a=user,"})
    void headerWithoutBinding_isTaken(String header) {
        assertThat(login(new ScramClient("user", "pencil").header(header)).user())
                .isEqualTo("user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n,a=other,", "n,a=us=2Cer,"})
    void actingAsSomebodyElse_isRefused(String header) {
        Exchange exchange = scram.begin();
        ScramClient client = new ScramClient("user", "pencil").header(header);
        refused(exchange, client.last(say(exchange, client.first())), "as somebody else");
    }

    @Test
    void extension_countsForTheProof() { // the RFC lets the server ignore what it does not know
        assertThat(login(new ScramClient("user", "pencil").extensions(",x=whatever,y=1"))
                        .user())
                .isEqualTo("user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p=tls-exporter,,n=user,r=abc",
                "p=tls-unique,,n=user,r=abc",
                "n,,m=must,n=user,r=abc",
                "x,,n=user,r=abc",
                "n,n=user,r=abc",
                "n,b=user,n=user,r=abc",
                "n,,n=user",
                "n,,n=user,r=",
                "n,,n=,r=abc",
                "n,,r=abc,n=user",
                "n,,n=us=er,r=abc",
                "n,,n=us==2C3Der,r=abc",
                "n,,n=us=2cer,r=abc",
                "n,,n=user,r=a\u0001b",
                "n,,n=user,r=\u00E4",
                "n,,n=us\u0000er,r=abc",
                "n",
                "n,,",
                "biws",
                "c=biws,r=abc,p=AAAA"
            })
    void malformedFirst_isRefused(String message) {
        refused(scram.begin(), message, "SCRAM: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10, 20})
    void truncatedFirst_isRefused(int length) {
        refused(scram.begin(), "n,,n=user,r=abc".substring(0, Math.min(length, 12)), "malformed");
    }

    @Test
    void emptyFirst_isAskedForOnce() {
        Exchange exchange = scram.begin();
        assertThat(answer(exchange, "")).isEqualTo(new Step(Payload.EMPTY, null));
        refused(exchange, "", "malformed");
        Exchange other = scram.begin();
        assertThat(say(other, "")).isEmpty();
        ScramClient client = new ScramClient("user", "pencil");
        assertThat(answer(other, client.last(say(other, client.first()))).user())
                .isEqualTo("user");
    }

    @ParameterizedTest
    @ValueSource(ints = {4097, 65_535})
    void hugeNonce_isRefused(int length) {
        refused(
                scram.begin(),
                new ScramClient("user", "pencil").nonce("r".repeat(length)).first(),
                "bytes");
    }

    @Test
    void bytesThatAreNoText_areRefused() {
        assertRefused(scram.begin(), Payload.of(new byte[] {'n', ',', ',', (byte) 0xFF}), "no UTF-8");
    }

    @Test
    void wrongPassword_isRefused() {
        ScramClient client = new ScramClient("user", "pencils");
        Exchange exchange = scram.begin();
        refused(exchange, client.last(say(exchange, client.first())), "wrong proof");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",p=| ,q=|malformed",
                "c=biws|c=eSws|channel binding",
                "c=biws|c=biw|channel binding",
                "c=biws|c=bi!s|malformed",
                "c=biws,r=|c=biws,r=x|another nonce",
                "c=biws,r=|c=biws,m=x,r=|malformed",
                "c=biws,|c=|malformed"
            })
    void alteredLast_isRefused(String part, String other, String why) {
        ScramClient client = new ScramClient("user", "pencil");
        Exchange exchange = scram.begin();
        refused(exchange, client.last(say(exchange, client.first())).replace(part, other), why);
    }

    @Test
    void truncatedLast_isRefused() {
        ScramClient client = new ScramClient("user", "pencil");
        String whole = client.last(say(scram.begin(), client.first()));
        for (int length = 0; length < whole.length(); length++) {
            Exchange exchange = scram.begin();
            say(exchange, client.first());
            refused(exchange, whole.substring(0, length), "SCRAM: ");
        }
    }

    @Test
    void replayedLast_isRefused() { // the nonce is another one each time
        ScramClient client = new ScramClient("user", "pencil");
        Exchange heard = scram.begin();
        String last = client.last(say(heard, client.first()));
        assertThat(answer(heard, last).user()).isEqualTo("user");
        Exchange again = scram.begin();
        say(again, client.first());
        refused(again, last, "another nonce");
    }

    @Test
    void thirdMessage_isRefused() {
        ScramClient client = new ScramClient("user", "pencil");
        Exchange exchange = scram.begin();
        String last = client.last(say(exchange, client.first()));
        assertThat(answer(exchange, last).user()).isEqualTo("user");
        refused(exchange, last, "too many");
    }

    @Test
    void attemptAfterARefusedOne_isRefused() {
        Exchange exchange = scram.begin();
        refused(exchange, "nonsense", "malformed");
        refused(exchange, new ScramClient("user", "pencil").first(), "too many");
    }

    /** Salt and iterations are there, the same each time and for each spelling, and others for another name. */
    @Test
    void unknownUser_looksLikeOthers() {
        String stranger =
                say(scram.begin(), new ScramClient("stranger", "x").nonce("abc").first());
        assertThat(stranger).matches("r=abc[!-+\\--~]{24},s=[A-Za-z0-9+/]{22}==,i=4096");
        assertThat(saltIn(say(scram.begin(), new ScramClient("strang\u00ADer", "x").first())))
                .isEqualTo(saltIn(stranger));
        assertThat(saltIn(say(scram.begin(), new ScramClient("stranger2", "x").first())))
                .isNotEqualTo(saltIn(stranger));
        ScramClient client = new ScramClient("stranger", "x");
        Exchange exchange = scram.begin();
        refused(exchange, client.last(say(exchange, client.first())), "no such user");
    }

    @Test
    void nonce_isFresh() {
        String first = new ScramClient("user", "pencil").nonce("abc").first();
        assertThat(say(scram.begin(), first)).isNotEqualTo(say(scram.begin(), first));
    }

    private Step login(ScramClient client) {
        Exchange exchange = scram.begin();
        return answer(exchange, client.last(say(exchange, client.first())));
    }

    private static String saltIn(String serverFirst) {
        return serverFirst.substring(serverFirst.indexOf(",s="));
    }

    @CanIgnoreReturnValue
    private static String say(Exchange exchange, String message) {
        Step step = answer(exchange, message);
        assertThat(step.user()).isNull();
        return text(step);
    }

    private static Step answer(Exchange exchange, String message) {
        return exchange.next(Payload.of(message.getBytes(UTF_8))).result();
    }

    private static String text(Step step) {
        return new String(step.data().shared(), UTF_8);
    }

    private static void refused(Exchange exchange, String message, String why) {
        assertRefused(exchange, Payload.of(message.getBytes(UTF_8)), why);
    }

    private static void assertRefused(Exchange exchange, Payload message, String why) {
        assertThat(exchange.next(message).cause())
                .isInstanceOfSatisfying(
                        RefusedLoginException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_PROVED))
                .hasMessageContaining(why);
    }
}
