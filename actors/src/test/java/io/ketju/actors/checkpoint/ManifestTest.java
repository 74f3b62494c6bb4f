package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final Manifest MANIFEST =
            new Manifest(79, 3, "cafe", "0123456789abcdef", List.of(new Shard("stage-0.safetensors", 1L << 40, "aa")));

    @Test
    void readsWhatItWrites() {
        assertThat(Manifest.parse(MANIFEST.toJson(), "m")).isEqualTo(MANIFEST);
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> Manifest.parse(MANIFEST.toJson().replace("\"format\" : 1", "\"format\" : 2"), "m"))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessage("m: manifest format 2, this version reads 1; use the Ketju version that wrote it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../stage-0.safetensors", "/etc/passwd", "stage-0.safetensors/../x", "stage-.safetensors", ""})
    void refusesShardsOutsideOfItsFolder(String name) {
        String json = MANIFEST.toJson().replace("stage-0.safetensors", name);
        assertThatThrownBy(() -> Manifest.parse(json, "m"))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("expected stage-N.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"format\" : 1}", "{\"format\" : \"one\"}", "\u0000"})
    void refusesWhatIsNoManifest(String json) {
        assertThatThrownBy(() -> Manifest.parse(json, "m"))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageStartingWith("m: not a manifest");
    }

    @Test
    void everyFieldIsNeeded() {
        for (String field : List.of("step", "incarnation", "jobHash", "arithmetic", "shards", "sha256", "bytes")) {
            assertThatThrownBy(() -> Manifest.parse(MANIFEST.toJson().replace("\"" + field + "\"", "\"other\""), "m"))
                    .as(field)
                    .isInstanceOf(DamagedCheckpointException.class);
        }
    }
}
