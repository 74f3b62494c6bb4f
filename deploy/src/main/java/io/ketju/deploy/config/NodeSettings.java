package io.ketju.deploy.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.layers.spec.NearestName;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of a node: of each the flag, else the environment, else the file. Immutable. */
public final class NodeSettings {
    /** Names the file in the environment, where no flag does. */
    public static final String FILE_VARIABLE = NodeKey.PREFIX + "CONFIG";

    /**
     * A value, and who has set it.
     *
     * @param texts one, or several where the key is a list
     * @param where what errors call it: the flag, the variable, or the line of the file with the key
     */
    public record Given(List<String> texts, String where) {
        public Given {
            texts = List.copyOf(texts);
        }

        /** The only one, or the first. */
        public String text() {
            return texts.getFirst();
        }

        /** A whole number within bounds; throws {@link InvalidJobException}. */
        public int number(int least, int most) {
            String text = text();
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
                throw new InvalidJobException(where + ": expected a whole number without unit, " + least
                        + " or more and " + most + " or less, found \"" + Excerpt.of(text) + "\"");
            }
            return Integer.parseInt(text);
        }
    }

    private final Map<NodeKey, Given> given;

    private NodeSettings(Map<NodeKey, Given> given) {
        this.given = Collections.unmodifiableMap(given);
    }

    /**
     * Reads them; throws {@link InvalidJobException} with one line for what nobody knows or cannot be read.
     *
     * @param flags those that were given
     * @param environment of the process; empty for one that is told everything by its flags
     * @param file named by a flag; empty: the environment may name one
     */
    public static NodeSettings of(Map<NodeKey, Given> flags, Map<String, String> environment, Optional<Path> file) {
        Map<NodeKey, Given> all = new EnumMap<>(NodeKey.class);
        file.or(() -> set(environment, FILE_VARIABLE).map(Path::of)).ifPresent(named -> all.putAll(ofFile(named)));
        all.putAll(ofEnvironment(environment));
        all.putAll(flags);
        return new NodeSettings(all);
    }

    /** Empty: nobody has set it. */
    public Optional<Given> get(NodeKey key) {
        return Optional.ofNullable(given.get(key));
    }

    /** A variable that is empty is taken for one that is not there: so files for containers write what is not wanted. */
    private static Optional<String> set(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Map<NodeKey, Given> ofEnvironment(Map<String, String> environment) {
        List<String> known = Stream.concat(Stream.of(NodeKey.values()).map(NodeKey::variable), Stream.of(FILE_VARIABLE))
                .toList();
        for (String name : new TreeMap<>(environment).keySet()) {
            if (name.startsWith(NodeKey.PREFIX) && !known.contains(name)) {
                throw new InvalidJobException(
                        "environment: unknown setting '" + Excerpt.of(name) + "'" + hint(name, known));
            }
        }
        Map<NodeKey, Given> found = new EnumMap<>(NodeKey.class);
        for (NodeKey key : NodeKey.values()) {
            set(environment, key.variable())
                    .ifPresent(text ->
                            found.put(key, new Given(values(key, text), key.variable() + " in the environment")));
        }
        return found;
    }

    private static Map<NodeKey, Given> ofFile(Path file) {
        String label = Excerpt.ofPath(file);
        ConfigObject root = HoconFile.read(FileKind.NODE, file);
        List<String> known = Stream.of(NodeKey.values()).map(NodeKey::path).toList();
        Map<NodeKey, Given> found = new EnumMap<>(NodeKey.class);
        for (Map.Entry<String, ConfigValue> entry : root.entrySet()) {
            String line = HoconFile.where(label, entry.getValue().origin());
            NodeKey key = NodeKey.of(entry.getKey())
                    .orElseThrow(() -> new InvalidJobException(
                            line + ": unknown key '" + Excerpt.of(entry.getKey()) + "'" + hint(entry.getKey(), known)));
            String where = line + ": " + key.path();
            found.put(key, new Given(values(key, entry.getValue().unwrapped(), where), where));
        }
        return found;
    }

    private static String hint(String written, List<String> known) {
        return NearestName.of(written, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("; known are " + String.join(", ", known));
    }

    private static List<String> values(NodeKey key, @Nullable Object value, String where) {
        boolean several = value instanceof List<?>;
        List<?> elements = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
        boolean plain = elements.stream().allMatch(one -> one instanceof String || one instanceof Number);
        if (elements.isEmpty() || !plain || (several && !key.isList())) {
            throw new InvalidJobException(
                    where + ": expected " + (key.isList() ? "a text or a list of texts" : "a text") + ", found "
                            + Excerpt.of(String.valueOf(value)));
        }
        return elements.stream()
                .flatMap(one -> values(key, one.toString()).stream())
                .toList();
    }

    /** One text; of a list, its parts. */
    public static List<String> values(NodeKey key, String text) {
        return key.isList() ? List.of(text.split("\\s*" + key.separator() + "\\s*", -1)) : List.of(text);
    }
}
