package io.redshank.testkit;

import org.jspecify.annotations.Nullable;

/**
 * How a device connects.
 *
 * @param clean whether it wants no session from before; such a session ends with the connection
 * @param will what it leaves behind, if anything
 * @param acknowledges whether it acknowledges what it gets; one that does not can only be sent so much
 * @param login who it says that it is, if anybody
 */
public record DeviceOptions(
        String clientId,
        boolean clean,
        @Nullable Arrival will,
        boolean acknowledges,
        @Nullable Login login) {
    /** A user name and a password. */
    public record Login(String username, String password) {}

    /** A device without a session. */
    public static DeviceOptions clean(String clientId) {
        return new DeviceOptions(clientId, true, null, true, null);
    }

    /** A device whose session outlives its connection. */
    public static DeviceOptions persisting(String clientId) {
        return new DeviceOptions(clientId, false, null, true, null);
    }

    /** The same with a will. */
    public DeviceOptions withWill(Arrival message) {
        return new DeviceOptions(clientId, clean, message, acknowledges, login);
    }

    /** The same, never acknowledging a message. */
    public DeviceOptions silent() {
        return new DeviceOptions(clientId, clean, will, false, login);
    }

    /** The same as this user. */
    public DeviceOptions as(String username, String password) {
        return new DeviceOptions(clientId, clean, will, acknowledges, new Login(username, password));
    }
}
