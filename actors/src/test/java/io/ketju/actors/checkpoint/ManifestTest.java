package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String SHARD = "stage-0.incarnation-3.safetensors";
    private static final Manifest MANIFEST = new Manifest(
            79, 3, SmallRun.JOB, SmallRun.ARITHMETIC, List.of(shard(0, 3, 1L << 40), shard(1, 3, 7), shard(2, 3, 0)));

    @Test
    void readsWhatItWrites() {
        assertThat(Manifest.parse(MANIFEST.toJson(), "m")).isEqualTo(MANIFEST);
        assertThat(MANIFEST.toJson()).contains("\"file\" : \"" + SHARD + "\", \"bytes\" : 1099511627776");
    }

    /** What a schedule has come to is kept; without any, the text is that of earlier versions. */
    @Test
    void keepsWhatTheRunGoesOnFrom() {
        Manifest kept = new Manifest(
                79,
                3,
                SmallRun.JOB,
                SmallRun.ARITHMETIC,
                MANIFEST.shards(),
                "0 2 0.5 1 0 3;train 0 1.5E-7 6.0,accuracy 2.0 6.0");
        assertThat(kept.toJson()).contains("\"format\" : 3,");
        assertThat(Manifest.parse(kept.toJson(), "m")).isEqualTo(kept).isNotEqualTo(MANIFEST);
        assertThat(MANIFEST.toJson()).contains("\"format\" : 2,").doesNotContain("progress");
        for (String other : List.of(
                kept.toJson().replace("\"format\" : 3", "\"format\" : 2"),
                kept.toJson().replace("0.5", "0.7"))) {
            assertThatThrownBy(() -> Manifest.parse(other, "m")).isInstanceOf(DamagedCheckpointException.class);
        }
        assertThatThrownBy(() -> new Manifest(1, 1, "ab", "cd", List.of(shard(0, 1, 1)), "\"}"))
                .hasMessageContaining("progress: expected plain words and numbers");
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> Manifest.parse(MANIFEST.toJson().replace("\"format\" : 2", "\"format\" : 4"), "m"))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessage("m: manifest format 4, this version reads 2 and 3; use the Ketju version that wrote it");
        String first = """
                {
                    "arithmetic" : "0123456789abcdef",
                    "format" : 1,
                    "incarnation" : 1,
                    "jobHash" : "cafe",
                    "shards" : [ { "bytes" : 7, "file" : "stage-0.safetensors", "sha256" : "aa" } ],
                    "step" : 79
                }
                """;
        assertThatThrownBy(() -> Manifest.parse(first, "m"))
                .hasMessage("m: manifest format 1, this version reads 2 and 3; use the Ketju version that wrote it");
    }

    /** Whoever can write the digest can write any text: the fields must still fit each other. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../stage-0.incarnation-3.safetensors",
                "/etc/passwd",
                "stage-0.incarnation-3.safetensors/../x",
                "stage-0.safetensors",
                "stage-0.incarnation-2.safetensors",
                "stage-1.incarnation-3.safetensors",
                "stage-00.incarnation-3.safetensors",
                ""
            })
    void refusesAShardThatIsNotTheOne(String name) {
        String json = MANIFEST.toJson().replace(SHARD, name);
        assertThatThrownBy(() -> Manifest.parse(json, "m"))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("shards[0].file: expected " + SHARD);
    }

    @Test
    void hasOneShardForEveryStage() {
        assertThatThrownBy(() -> new Manifest(1, 1, "ab", "cd", List.of())).hasMessageContaining("one for every stage");
        assertThatThrownBy(() -> new Manifest(1, 1, "ab", "cd", List.of(shard(0, 1, 1), shard(0, 1, 1))))
                .hasMessageContaining("shards[1].file: expected stage-1.incarnation-1");
        assertThatThrownBy(() -> new Manifest(1, 1, "ab", "cd", List.of(shard(1, 1, 1))))
                .hasMessageContaining("shards[0].file: expected stage-0.incarnation-1");
        assertThatThrownBy(() -> new Manifest(1, 1, "ab", "cd", List.of(shard(0, 1, -1))))
                .hasMessageContaining("bytes: expected 0 or more, found '-1'");
        assertThatThrownBy(() -> new Manifest(-5, 1, "ab", "cd", List.of(shard(0, 1, 1))))
                .hasMessageContaining("step: expected 0 or more");
        assertThatThrownBy(() -> new Manifest(1, 0, "ab", "cd", List.of(shard(0, 0, 1))))
                .hasMessageContaining("incarnation: expected 1 or more");
        assertThatThrownBy(() -> new Manifest(1, 1, "x".repeat(99), "cd", List.of(shard(0, 1, 1))))
                .hasMessageContaining("jobHash: expected")
                .hasMessageContaining("'" + "x".repeat(57) + "...'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"format\" : 2}",
                "{\"format\" : \"one\"}",
                "{\"format\" : 2.0}",
                "{\"format\" : 99999999999999999999}",
                "include file(\"x\")",
                "include url(\"http://127.0.0.1:1/x\")",
                "format = 2",
                "\u0000",
                "\uFEFF{}"
            })
    void refusesWhatIsNoManifest(String json) {
        assertThatThrownBy(() -> Manifest.parse(json, "m"))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageStartingWith("m: not a manifest")
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\":", "{\"shards\":", "[", "{\"shards\":[", "{\"shards\":[{\"file\":"})
    void refusesEveryDepth(String opening) {
        assertThatThrownBy(() -> Manifest.parse(opening.repeat(100_000), "m"))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageStartingWith("m: not a manifest")
                .message()
                .hasSizeLessThan(300);
    }

    @Test
    void everyFieldIsNeededOnceAndNoOther() {
        String json = MANIFEST.toJson();
        for (String field : List.of(
                "format", "step", "incarnation", "jobHash", "arithmetic", "shards", "file", "bytes", "sha256")) {
            String name = "\"" + field + "\"";
            assertRefused(json.replace(name, "\"other\""), "unknown field 'other'");
            List<String> lines = new ArrayList<>();
            json.lines()
                    .filter(line -> !line.contains(name) || line.endsWith("["))
                    .forEach(lines::add);
            if (!field.equals("shards")) {
                assertRefused(String.join("\n", lines).replace(",\n  ]", "\n  ]"), "m: ");
            }
        }
        assertRefused(json.replace("  \"step\"", "  \"step\" : 79,\n  \"step\""), "Duplicate field 'step'");
        assertRefused(json.replace("\"bytes\" : 7", "\"bytes\" : 7, \"bytes\" : 7"), "Duplicate field 'bytes'");
        assertRefused(json.replace("\"step\" : 79", "\"step\" : \"79\""), "step: expected a whole number");
        assertRefused(json.replace("\"step\" : 79", "\"step\" : 7.9e1"), "step: expected a whole number");
        assertRefused(json.replace("\"step\" : 79", "\"step\" : 78"), "do not have the SHA-256");
        assertRefused(json.replace("\"incarnation\" : 3,", "\"incarnation\" : 4294967299,"), "out of range");
        assertRefused(json + " ", "other spaces or line ends");
        assertRefused(json.replace("\n", "\r\n"), "other spaces or line ends");
        assertRefused(json + "{}", "nothing after the '}'");
    }

    private static void assertRefused(String json, String reason) {
        assertThatThrownBy(() -> Manifest.parse(json, "m"))
                .as(json)
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining(reason)
                .message()
                .hasLineCount(1);
    }

    private static Shard shard(int stage, int incarnation, long bytes) {
        return new Shard(Shard.fileName(stage, incarnation), bytes, "cd".repeat(32));
    }
}
