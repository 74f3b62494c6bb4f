package io.ketju.deploy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobLimits;
import io.ketju.data.file.FileErrors;
import io.ketju.data.file.NearestFile;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A file of settings as HOCON has it (see the Typesafe config library's HOCON.md), bounded, and without what fetches or multiplies. */
final class HoconFile {
    /** Most of what the parser says that is passed on. */
    private static final int REASON_LENGTH = 300;

    private HoconFile() {}

    /** Reads a file; throws {@link InvalidJobException} naming file and line. */
    static ConfigObject read(FileKind kind, Path file) {
        String label = Excerpt.ofPath(file);
        String what = kind.title() + " " + label;
        if (!Files.exists(file)) {
            String near = NearestFile.hint(file, Files::isRegularFile);
            throw new InvalidJobException(
                    what + ": expected a readable file, found none" + (near.isEmpty() ? kind.advice() : near));
        }
        if (Files.isDirectory(file)) {
            throw new InvalidJobException(what + ": expected a file, found a folder");
        }
        if (!Files.isReadable(file)) {
            throw new InvalidJobException(what + ": expected a readable file, found one without permission");
        }
        ConfigSyntax syntax = label.endsWith(".json") ? ConfigSyntax.JSON : ConfigSyntax.CONF;
        return parse(kind, label, content(what, file), syntax);
    }

    /** Reads text; {@code label} is what errors call it. */
    static ConfigObject parse(FileKind kind, String label, String text) {
        return parse(kind, label, text, ConfigSyntax.CONF);
    }

    /** All of the file, of which no more is read than it may have. */
    private static String content(String what, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(JobLimits.FILE_BYTES + 1);
            if (bytes.length > JobLimits.FILE_BYTES) {
                throw new InvalidJobException(
                        what + ": expected at most " + JobLimits.FILE_BYTES + " bytes, found more");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidJobException(
                    what + ": expected text in UTF-8, found another encoding, or no text at all", e);
        } catch (IOException e) {
            throw new InvalidJobException(what + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }

    private static ConfigObject parse(FileKind kind, String label, String text, ConfigSyntax syntax) {
        HoconBounds.check(kind, label, text);
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(syntax)
                .setOriginDescription(label)
                .setIncluder(new NoIncluder(kind, label));
        try {
            // Nothing to resolve: there are no substitutions.
            Config config = ConfigFactory.parseString(text, options);
            return config.root();
        } catch (ConfigException e) {
            throw new InvalidJobException(syntaxError(label, e), e);
        }
    }

    /** {@code job.conf:12}. */
    static String where(String label, ConfigOrigin origin) {
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
