package io.redshank.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Where the process begins. */
public final class Main {
    private Main() {}

    /** Ends the process only when something failed: a node that runs keeps it alive. */
    public static void main(String[] args) {
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        CommandLine commands = commandLine(Path.of("").toAbsolutePath(), System.getenv());
        int code = commands.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .execute(args);
        if (code != CommandLine.ExitCode.OK) {
            System.exit(code);
        }
    }

    /** All commands; to run a node is what happens when none is named. */
    static CommandLine commandLine(Path workingDirectory, Map<String, String> environment) {
        return new CommandLine(new RunCommand(workingDirectory, environment))
                .addSubcommand("run", new RunCommand(workingDirectory, environment))
                .addSubcommand("doctor", new DoctorCommand(workingDirectory, environment))
                .addSubcommand("explain", new ExplainCommand(workingDirectory, environment))
                .addSubcommand("drain", new DrainCommand(workingDirectory, environment))
                .addSubcommand("message", new MessageCommand(workingDirectory, environment))
                .addSubcommand("import-emqx", new ImportEmqxCommand(System.in))
                .addSubcommand("scram-user", new ScramUserCommand(System.in))
                .setCommandName("redshank")
                .setParameterExceptionHandler(Main::onUsageError)
                .setExecutionExceptionHandler(Main::onFailure);
    }

    private static int onUsageError(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        String usage = command.getCommandSpec().qualifiedName() + " --help";
        command.getErr().println("redshank: " + error.getMessage() + "; see " + usage);
        return CommandLine.ExitCode.USAGE;
    }

    /** What no command expected: a fault of ours, so the log gets all of it. */
    private static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
        Logger log = LoggerFactory.getLogger(Main.class);
        log.error("Command failed [command={}]", command.getCommandName(), failure);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
