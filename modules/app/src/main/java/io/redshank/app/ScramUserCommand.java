package io.redshank.app;

import io.redshank.auth.ScramSecret;
import io.redshank.auth.Users;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a user as mqtt.users wants it. The password never stands on a command line, where others could see it. */
@Command(
        description = "Prints a user for mqtt.users, with a secret made of a password.",
        footer = {"", "Asks for the password at a terminal; else reads the first line of standard", "input."},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ScramUserCommand implements Callable<Integer> {
    private final InputStream standardInput;

    @Parameters(paramLabel = "NAME", description = "The user's name.")
    private String name = "";

    @Option(
            names = "--iterations",
            paramLabel = "NUMBER",
            description = "How hard a stolen secret is to guess, and a plain password to check; 4096 to 1000000.")
    private int iterations = ScramSecret.LEAST_ITERATIONS;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ScramUserCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() throws IOException {
        if (iterations < ScramSecret.LEAST_ITERATIONS || iterations > ScramSecret.MOST_ITERATIONS) {
            throw usage("--iterations needs a number from 4096 to 1000000");
        }
        if (name.isEmpty() || name.length() > Users.LONGEST_NAME) {
            throw usage("NAME needs 1 to " + Users.LONGEST_NAME + " characters");
        }
        byte[] password = password();
        if (password.length == 0) {
            spec.commandLine().getErr().println("password: found nothing, allowed: at least one character");
            return CommandLine.ExitCode.SOFTWARE;
        }
        JsonObject user = new JsonObject()
                .put("username", name)
                .put("scram_sha_256", ScramSecret.of(password, iterations).text());
        spec.commandLine().getOut().println(user.encode());
        return CommandLine.ExitCode.OK;
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private byte[] password() throws IOException {
        Console terminal = System.console();
        if (terminal == null) {
            return firstLine();
        }
        char[] typed = terminal.readPassword("Password of %s: ", name);
        return typed == null ? new byte[0] : new String(typed).getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes, for a password need not be a text. */
    private byte[] firstLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = standardInput.read(); next >= 0 && next != '\n'; next = standardInput.read()) {
            line.write(next);
        }
        byte[] bytes = line.toByteArray();
        boolean windows = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return windows ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }
}
