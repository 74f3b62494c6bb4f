package io.ketju.deploy.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.layers.spec.NearestName;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads job files (HOCON, see the Typesafe config library's HOCON.md). Keys are those of {@link JobKey}; an unknown one
 * is an error that names its line and the key that was probably meant.
 */
public final class JobFile {
    private static final String DEFAULT_JOB = "default-job.conf";

    /** What other programs call things, and how they are written here. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "lr", "optimizer = \"Adam(lr=0.001)\"",
            "learningrate", "optimizer = \"Adam(lr=0.001)\"",
            "batchsize", JobKey.BATCH.path() + " = 64",
            "numepochs", JobKey.EPOCHS.path() + " = 10",
            "scheduler", JobKey.LEARNING_RATE_SCHEDULE.path() + " = \"StepLR(100)\"",
            "lrscheduler", JobKey.LEARNING_RATE_SCHEDULE.path() + " = \"StepLR(100)\"",
            "criterion", JobKey.LOSS.path() + " = \"CrossEntropyLoss()\"",
            "dataset", JobKey.DATA.path() + " = digits",
            "layers", "model { input = [...], layers = [...] }");

    private JobFile() {}

    /** Reads a file; throws {@link InvalidJobException} naming file and line. */
    public static JobSettings read(Path file) {
        return settings(Excerpt.ofPath(file), HoconFile.read(FileKind.JOB, file));
    }

    /** Reads text; {@code label} is what errors call it. */
    public static JobSettings parse(String label, String text) {
        return settings(label, HoconFile.parse(FileKind.JOB, label, text));
    }

    /** The job of {@code ketju train} without a file. */
    public static JobSettings defaultJob() {
        return parse(DEFAULT_JOB, defaultText());
    }

    /** The default job file with its comments. */
    public static String defaultText() {
        try (InputStream in = Objects.requireNonNull(JobFile.class.getResourceAsStream("/" + DEFAULT_JOB))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JobSettings settings(String label, ConfigObject root) {
        Map<JobKey, Setting> settings = new EnumMap<>(JobKey.class);
        collect(label, "", root, settings);
        return new JobSettings(label, settings);
    }

    private static void collect(String label, String prefix, ConfigObject object, Map<JobKey, Setting> settings) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String path = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            String where = HoconFile.where(label, value.origin());
            JobKey key = JobKey.of(path).orElse(null);
            if (key != null) {
                if (value.valueType() == ConfigValueType.NULL) {
                    throw new InvalidJobException(where + ": " + path + ": expected a value, found null");
                }
                settings.put(key, new Setting(key, value.unwrapped(), where));
            } else if (!isGroup(path)) {
                throw new InvalidJobException(where + ": unknown key '" + Excerpt.of(path) + "'" + known(path));
            } else if (value instanceof ConfigObject group) {
                collect(label, path + ".", group, settings);
            } else {
                throw new InvalidJobException(where + ": " + path
                        + ": expected an object such as { name = lenet }, found " + Excerpt.of(value.unwrapped()));
            }
        }
    }

    private static String known(String path) {
        List<String> paths = JobKey.paths();
        String plain = path.replaceAll("[_-]", "").toLowerCase(Locale.ROOT);
        if (ELSEWHERE.containsKey(plain)) {
            return "; write " + ELSEWHERE.get(plain);
        }
        Set<String> meant = new TreeSet<>(paths);
        paths.stream().filter(one -> one.contains(".")).forEach(one -> meant.add(one.substring(0, one.indexOf('.'))));
        return NearestName.of(path, meant)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("; known keys: " + String.join(", ", paths));
    }

    private static boolean isGroup(String path) {
        return JobKey.paths().stream().anyMatch(known -> known.startsWith(path + "."));
    }
}
