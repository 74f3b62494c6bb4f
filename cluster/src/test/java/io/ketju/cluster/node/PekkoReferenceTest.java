package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.PekkoLibrary;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PekkoReferenceTest {
    private static final ClassLoader WHOLE = PekkoReferenceTest.class.getClassLoader();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pekko-actor_2.13",
                "pekko-actor-typed_2.13",
                "pekko-stream_2.13",
                "pekko-remote_2.13",
                "pekko-coordination_2.13",
                "pekko-cluster_2.13",
                "pekko-distributed-data_2.13",
                "pekko-cluster-typed_2.13"
            })
    void whicheverFileSurvivesTheDefaultsAreThoseOfPekko(String survivor) {
        ClassLoader packed = new Packed(survivor, "");

        Map<String, Object> node = settings(node(packed));
        assertThat(node).hasSizeGreaterThan(500);
        assertThat(unlike(settings(node(WHOLE)), node)).isEmpty();
        // Within one JVM the extension of pekko-stream is not wanted.
        assertThat(unlike(settings(embedded(WHOLE)), settings(embedded(packed))))
                .isSubsetOf("pekko.library-extensions");
    }

    private static Config node(ClassLoader loader) {
        return ActorSystems.settings(loader, "ketju-cluster.conf", NodeSystem.LIBRARIES);
    }

    private static Config embedded(ClassLoader loader) {
        return ActorSystems.settings(loader, "ketju-actors.conf", PekkoLibrary.LOCAL);
    }

    private static List<String> unlike(Map<String, Object> expected, Map<String, Object> found) {
        return found.keySet().stream()
                .filter(path -> !Objects.equals(found.get(path), expected.get(path)))
                .toList();
    }

    /** By path; lists as sets, for libraries add to one list in the order of the class path. */
    private static Map<String, Object> settings(Config config) {
        return config.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().unwrapped() instanceof List<?> list
                                ? Set.copyOf(list)
                                : entry.getValue().unwrapped()));
    }

    @Test
    void whatIsLostBeyondHelpIsOneLine() {
        ClassLoader packed = new Packed("pekko-remote_2.13", "io/ketju/actors/run/pekko-actor/");

        assertThatThrownBy(() -> embedded(packed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the class path has Pekko " + Version.current()
                        + " without the reference.conf of each of its libraries, and Ketju's copies are of no version;"
                        + " when packing one jar, join all files of that name (Maven Shade: AppendingTransformer)");
    }

    /** The class path as one jar shows it: of the files called reference.conf there is one. */
    private static final class Packed extends ClassLoader {
        private final String survivor;
        private final String missing;

        /**
         * @param survivor the library whose file is left
         * @param missing what names of resources begin with that are not there either
         */
        Packed(String survivor, String missing) {
            super(WHOLE);
            this.survivor = survivor;
            this.missing = missing;
        }

        @Override
        public @Nullable URL getResource(String name) {
            return isMissing(name) ? null : super.getResource(name);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> found = isMissing(name) ? List.of() : Collections.list(super.getResources(name));
            return Collections.enumeration(
                    name.equals("reference.conf")
                            ? found.stream()
                                    .filter(url -> url.toString().contains("/" + survivor + "/"))
                                    .toList()
                            : found);
        }

        private boolean isMissing(String name) {
            return !missing.isEmpty() && name.startsWith(missing);
        }
    }
}
