package io.redshank.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The executable of a Redis server: one of the machine's, else the one that we bring along. */
public final class RedisBinary {
    private static final List<String> NAMES = List.of("redis-server", "valkey-server");
    private static final String BUNDLED = "redis-server-7.0.15-";

    private RedisBinary() {}

    /**
     * The first on this search path, else the bundled one, which is unpacked into the directory once.
     *
     * @param path a list of directories as in the environment's PATH; null for none
     */
    public static Path find(@Nullable String path, Path unpackInto) {
        Path installed = NAMES.stream()
                .map(name -> onPath(name, path))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return installed != null ? installed : unpacked(platform(), unpackInto);
    }

    /** The executable of this name that comes first on the search path. */
    static @Nullable Path onPath(String name, @Nullable String path) {
        if (path == null) {
            return null;
        }
        for (String directory : path.split(Pattern.quote(File.pathSeparator), -1)) {
            Path candidate = directory.isEmpty() ? null : Path.of(directory, name);
            if (candidate != null && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        return null;
    }

    private static Path unpacked(String platform, Path directory) {
        Path binary = directory.resolve(BUNDLED + platform);
        if (Files.isExecutable(binary)) {
            return binary;
        }
        try (InputStream in = RedisBinary.class.getResourceAsStream("/" + BUNDLED + platform)) {
            if (in == null) {
                throw new EmbeddedRedisException(
                        "no redis-server on the PATH, and none for " + platform
                                + " is brought along: install Redis, or name a running one as the pool's server",
                        null);
            }
            Files.createDirectories(directory);
            // Moved into place whole, so that a start which was killed leaves no half of a binary under the name.
            Path part = Files.createTempFile(directory, "redis-server", ".part");
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            makeExecutable(part);
            return Files.move(part, binary, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new EmbeddedRedisException(
                    "the redis-server that is brought along cannot be unpacked into " + directory + ": " + failure,
                    failure);
        }
    }

    private static void makeExecutable(Path binary) throws IOException {
        if (!binary.toFile().setExecutable(true)) {
            throw new IOException(binary + " cannot be made executable");
        }
    }

    /** As the bundled files are named, for example {@code linux-amd64}. */
    private static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : os.replace(' ', '-');
        return system + "-"
                + switch (arch) {
                    case "x86_64", "amd64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    case "x86", "i386", "i486", "i586", "i686" -> "386";
                    default -> arch;
                };
    }
}
