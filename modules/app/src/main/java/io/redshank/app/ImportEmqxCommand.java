package io.redshank.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
final class ImportEmqxCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
