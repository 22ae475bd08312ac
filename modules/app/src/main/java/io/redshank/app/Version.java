package io.redshank.app;

import picocli.CommandLine.IVersionProvider;

/** The version as the build wrote it into the jar's manifest. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }

    /** With the program's name before. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "redshank " + (version == null ? "(not packaged)" : version);
    }
}
