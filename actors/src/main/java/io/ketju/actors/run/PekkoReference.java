package io.ketju.actors.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.apache.pekko.Version;

/**
 * The defaults of Pekko's libraries. Each library brings its own as {@code reference.conf}, and a jar into which several
 * libraries were packed keeps only one file of that name unless told otherwise. So Ketju carries copies under names of
 * their own, which the build takes from the very jars that it was built with.
 */
final class PekkoReference {
    private PekkoReference() {}

    /** The defaults of these libraries. Throws {@link IllegalStateException} if they are lost beyond help. */
    static Config of(ClassLoader loader, List<PekkoLibrary> libraries) {
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

    private static Config copies(ClassLoader loader, List<PekkoLibrary> libraries) {
        Config all = ConfigFactory.empty();
        for (PekkoLibrary library : libraries) {
            all = ConfigFactory.parseResources(loader, library.copy()).withFallback(all);
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
