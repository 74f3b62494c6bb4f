package io.ketju.actors.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.Version;

/**
 * The defaults of Pekko's libraries. Each library brings its own as {@code reference.conf}, and a jar into which several
 * libraries were packed keeps only one file of that name unless told otherwise. So Ketju carries copies under names of
 * their own, which the build takes from the very jars that it was built with.
 */
final class PekkoReference {
    /** A library, and a setting by which one sees that its defaults are there. */
    private record Library(String artifact, String setting) {}

    private static final List<Library> EMBEDDED = List.of(
            new Library("pekko-actor", "pekko.actor.guardian-supervisor-strategy"),
            new Library("pekko-actor-typed", "pekko.actor.typed.restart-stash-capacity"));

    private static final List<Library> CLUSTER = Stream.concat(
                    EMBEDDED.stream(),
                    Stream.of(
                            new Library("pekko-stream", "pekko.stream.materializer.max-input-buffer-size"),
                            new Library("pekko-remote", "pekko.remote.artery.transport"),
                            new Library("pekko-coordination", "pekko.coordination.lease.lease-class"),
                            new Library("pekko-cluster", "pekko.cluster.seed-nodes"),
                            new Library("pekko-distributed-data", "pekko.cluster.distributed-data.name"),
                            new Library("pekko-cluster-typed", "pekko.cluster.typed.receptionist.write-consistency")))
            .toList();

    private PekkoReference() {}

    /** For a system within one JVM. Throws {@link IllegalStateException} if the defaults are lost beyond help. */
    static Config embedded(ClassLoader loader) {
        return of(loader, EMBEDDED);
    }

    /** For a node of a cluster. */
    static Config cluster(ClassLoader loader) {
        return of(loader, CLUSTER);
    }

    private static Config of(ClassLoader loader, List<Library> libraries) {
        try {
            Config found = ConfigFactory.defaultReference(loader);
            if (libraries.stream().allMatch(library -> found.hasPath(library.setting()))) {
                return found;
            }
        } catch (ConfigException.UnresolvedSubstitution lost) {
            // One library's defaults name another's, which are not there.
        }
        return copies(loader, libraries);
    }

    private static Config copies(ClassLoader loader, List<Library> libraries) {
        Config all = ConfigFactory.empty();
        for (Library library : libraries) {
            Config copy = ConfigFactory.parseResources(
                    loader, "io/ketju/actors/run/" + library.artifact() + "/reference.conf");
            all = copy.withFallback(all);
        }
        Config resolved = all.resolve();
        String version = resolved.hasPath("pekko.version") ? resolved.getString("pekko.version") : "no version";
        if (!version.equals(Version.current())) {
            throw new IllegalStateException("the class path has Pekko " + Version.current()
                    + " without the reference.conf"
                    + " of each of its libraries, and Ketju's copies are of " + version + "; when packing one jar, join"
                    + " all files of that name (Maven Shade: AppendingTransformer)");
        }
        return resolved;
    }
}
