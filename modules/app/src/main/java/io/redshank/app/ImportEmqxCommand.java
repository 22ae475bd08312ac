package io.redshank.app;

import io.redshank.app.emqx.EmqxImport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what an EMQ X Redis backend was told in the form in which we want to be told it. */
@Command(
        description = "Prints an emqx_backend_redis.conf as a configuration of Redshank.",
        footer = {"", "Reads files of 2.x, 3.x and 4.x. What cannot be carried over is said on", "standard error."},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ImportEmqxCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    private final InputStream standardInput;

    @Parameters(paramLabel = "FILE", description = "The file to read; - for standard input.")
    private String file = STDIN;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ImportEmqxCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() {
        String text;
        try {
            text = file.equals(STDIN)
                    ? textOf(standardInput.readAllBytes())
                    : textOf(Files.readAllBytes(Path.of(file)));
        } catch (IOException unreadable) {
            spec.commandLine().getErr().println(file + ": found no file that can be read, allowed: a file, or -");
            return CommandLine.ExitCode.SOFTWARE;
        }
        EmqxImport imported = EmqxImport.of(text);
        imported.remarks().forEach(spec.commandLine().getErr()::println);
        if (imported.empty()) {
            spec.commandLine().getErr().println(file + ": found no setting of the Redis backend");
            return CommandLine.ExitCode.SOFTWARE;
        }
        spec.commandLine().getOut().println(imported.configuration().encodePrettily());
        return CommandLine.ExitCode.OK;
    }

    /** Old files may be of any encoding; what is not UTF-8 is replaced, and shows in the output. */
    private static String textOf(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
