package io.ketju.dist;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/**
 * An image as an engine unpacks it: its layers, one over the other, in a folder; and its commands, run as an engine runs them:
 * with that folder as their root, which they cannot write, as the image's user, in mounts that end with them. Only root
 * may do that; a test is skipped, and says so, where it is not possible.
 *
 * @param root the folder
 * @param config what the image says of itself
 */
record UnpackedImage(Path root, Map<?, ?> config) {
    static final Map<String, String> TOOLS = Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    /** Mounts, then becomes the command. $1: the root, $2: its user, then pairs of what is mounted and where, "--", the command. */
    private static final String ENTER = """
            set -e
            root=$1 user=$2
            shift 2
            mount --bind "$root" "$root"
            mount -t proc proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
            while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done
            shift
            mount -o remount,bind,ro "$root"
            exec chroot --userspec="$user" "$root" "$@"
            """;

    /** Unpacks {@code ketju.packed.image}. */
    static UnpackedImage in(Path folder) throws IOException {
        Path tar = Path.of(System.getProperty("ketju.packed.image", "absent"));
        assumeThat(tar).as("there is an image: -Dketju.image=true makes one").exists();
        Command mounts = Command.run(
                folder,
                TOOLS,
                List.of("unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "t", "/mnt"));
        assumeThat(mounts.code()).as("mounts can be made: root, and unshare").isZero();
        Path layers = Files.createDirectory(folder.resolve("layers"));
        Path root = Files.createDirectory(folder.resolve("root"));
        unpack(tar, layers);
        Map<?, ?> manifest = (Map<?, ?>) ((List<?>) json(layers.resolve("manifest.json"))).getFirst();
        for (Object layer : (List<?>) Objects.requireNonNull(manifest.get("Layers"))) {
            unpack(layers.resolve(String.valueOf(layer)), root);
        }
        Map<?, ?> whole = (Map<?, ?>) json(layers.resolve(String.valueOf(manifest.get("Config"))));
        return new UnpackedImage(root, (Map<?, ?>) Objects.requireNonNull(whole.get("config")));
    }

    /** JSON is YAML. */
    private static Object json(Path file) throws IOException {
        return new Yaml().load(Files.readString(file));
    }

    private static void unpack(Path tar, Path folder) {
        Command.run(folder, TOOLS, List.of("tar", "-xf", tar.toString())).requireSuccess();
    }

    String user() {
        return String.valueOf(config.get("User"));
    }

    List<String> entryPoint() {
        return texts("Entrypoint");
    }

    /** The environment that it gives to its commands; and where the tools are that run them. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(TOOLS);
        for (String variable : texts("Env")) {
            String[] parts = variable.split("=", 2);
            environment.put(parts[0], parts[1]);
        }
        return environment;
    }

    private List<String> texts(String key) {
        return ((List<?>) Objects.requireNonNull(config.get(key), key))
                .stream().map(String::valueOf).toList();
    }

    /**
     * The command that runs a command of the image.
     *
     * @param mounts what is seen within the image, by its place there, as an engine mounts volumes
     */
    List<String> entering(Map<String, Path> mounts, List<String> command) throws IOException {
        List<String> whole =
                new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER));
        whole.addAll(List.of("sh", root.toString(), user()));
        for (Map.Entry<String, Path> mount : mounts.entrySet()) {
            Path place = root.resolve(mount.getKey().substring(1));
            if (Files.isDirectory(mount.getValue())) {
                Files.createDirectories(place);
            } else if (Files.notExists(place)) {
                Files.createFile(place);
            }
            whole.addAll(List.of(mount.getValue().toString(), mount.getKey()));
        }
        whole.add("--");
        whole.addAll(command);
        return whole;
    }

    /** A folder that the image's user may write. */
    Path writable(Path folder) throws IOException {
        Files.createDirectory(folder);
        Command.run(folder, TOOLS, List.of("chown", user(), folder.toString())).requireSuccess();
        return folder;
    }
}
