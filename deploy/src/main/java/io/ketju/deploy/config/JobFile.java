package io.ketju.deploy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.JobLimits;
import io.ketju.data.file.FileErrors;
import io.ketju.layers.spec.NearestName;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Reads job files (HOCON, see the Typesafe config library's HOCON.md). Keys are those of {@link JobKey}; an unknown one
 * is an error that names its line and the key that was probably meant.
 */
public final class JobFile {
    private static final String DEFAULT_JOB = "default-job.conf";

    /** Most of what the parser says that is passed on. */
    private static final int REASON_LENGTH = 300;

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
        String label = Excerpt.ofPath(file);
        if (!Files.exists(file)) {
            throw new InvalidJobException("job file " + label + ": expected a readable file, found none; "
                    + "train without a file trains the default job");
        }
        if (Files.isDirectory(file)) {
            throw new InvalidJobException("job file " + label + ": expected a file, found a folder");
        }
        if (!Files.isReadable(file)) {
            throw new InvalidJobException(
                    "job file " + label + ": expected a readable file, found one without permission");
        }
        return settings(label, content(file, label), label.endsWith(".json") ? ConfigSyntax.JSON : ConfigSyntax.CONF);
    }

    /** All of the file, of which no more is read than a job may have. */
    private static String content(Path file, String label) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(JobLimits.FILE_BYTES + 1);
            if (bytes.length > JobLimits.FILE_BYTES) {
                throw new InvalidJobException(
                        "job file " + label + ": expected at most " + JobLimits.FILE_BYTES + " bytes, found more");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidJobException(
                    "job file " + label + ": expected text in UTF-8, found another encoding, or no text at all", e);
        } catch (IOException e) {
            throw new InvalidJobException("job file " + label + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }

    /** Reads text; {@code label} is what errors call it. */
    public static JobSettings parse(String label, String text) {
        return settings(label, text, ConfigSyntax.CONF);
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

    private static JobSettings settings(String label, String text, ConfigSyntax syntax) {
        JobFileBounds.check(label, text);
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(syntax)
                .setOriginDescription(label)
                .setIncluder(new NoIncluder(label));
        Config config;
        try {
            // Nothing to resolve: there are no substitutions.
            config = ConfigFactory.parseString(text, options);
        } catch (ConfigException e) {
            throw new InvalidJobException(syntaxError(label, e), e);
        }
        Map<JobKey, Setting> settings = new EnumMap<>(JobKey.class);
        collect(label, "", config.root(), settings);
        return new JobSettings(label, settings);
    }

    private static void collect(String label, String prefix, ConfigObject object, Map<JobKey, Setting> settings) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String path = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            String where = where(label, value.origin());
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
        return NearestName.of(path, paths)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("; known keys: " + String.join(", ", paths));
    }

    private static boolean isGroup(String path) {
        return JobKey.paths().stream().anyMatch(known -> known.startsWith(path + "."));
    }

    private static String where(String label, ConfigOrigin origin) {
        return origin.lineNumber() > 0 ? label + ":" + origin.lineNumber() : label;
    }

    /** The parser quotes the file, which may have lines of any length. */
    private static String shortened(String reason) {
        return reason.length() <= REASON_LENGTH ? reason : reason.substring(0, REASON_LENGTH - 3) + "...";
    }

    private static String syntaxError(String label, ConfigException e) {
        String message = Setting.oneLine(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        ConfigOrigin origin = e.origin();
        if (origin == null) {
            return label + ": " + shortened(message);
        }
        String description = origin.description() + ": ";
        String reason = message.startsWith(description) ? message.substring(description.length()) : message;
        return where(label, origin) + ": not HOCON: " + shortened(reason);
    }
}
