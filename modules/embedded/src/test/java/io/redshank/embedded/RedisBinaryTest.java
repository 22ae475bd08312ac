package io.redshank.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the binary comes from. */
class RedisBinaryTest {
    @TempDir
    Path directory;

    @Test
    void redisOnThePath_isPreferredToValkey() throws IOException {
        Path valkey = executable("first/valkey-server");
        Path redis = executable("second/redis-server");
        String path = valkey.getParent() + File.pathSeparator + redis.getParent();
        assertThat(RedisBinary.find(path, directory)).isEqualTo(redis);
    }

    @Test
    void valkeyOnThePath_isTakenWithoutRedis() throws IOException {
        Path valkey = executable("first/valkey-server");
        assertThat(RedisBinary.find("/nowhere" + File.pathSeparator + valkey.getParent(), directory))
                .isEqualTo(valkey);
    }

    @Test
    void fileThatIsNotExecutable_isPassedOver() throws IOException {
        Path plain = Files.writeString(
                Files.createDirectories(directory.resolve("path")).resolve("redis-server"), "");
        assertThat(RedisBinary.find(String.valueOf(plain.getParent()), directory))
                .isNotEqualTo(plain);
    }

    @Test
    void noPath_unpacksOurs() {
        Path ours = RedisBinary.find(null, directory.resolve("bin"));
        assertThat(ours).isExecutable().hasParent(directory.resolve("bin"));
        assertThat(RedisBinary.find("", directory.resolve("bin"))).isEqualTo(ours);
    }

    private Path executable(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
