package io.ketju.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds PyTorch on this machine. Nothing of it is needed: without it, tables have a column less.
 *
 * <p>{@code KETJU_TORCH_PYTHON} names interpreters, colons between, the first being the main one; without it {@code
 * python3} on the path is asked, then {@code /usr/bin/python3}, where Debian's package puts it. {@code
 * KETJU_TORCH_JEMALLOC} and {@code KETJU_TORCH_OPENBLAS} name libraries to preload; without them Debian's places are
 * looked at.
 */
public final class TorchPeers {
    private static final Path LIBRARIES = Path.of("/usr/lib/x86_64-linux-gnu");

    private final Path script;
    private final List<String> pythons;
    private final Optional<Path> jemalloc;
    private final Optional<Path> openBlas;

    /** Looks around. {@code ketju.benchmarks.home} is the folder of this module. */
    public TorchPeers() {
        Map<String, String> environment = System.getenv();
        script = Path.of(System.getProperty("ketju.benchmarks.home", "benchmarks"), "peers", "torch_peer.py");
        pythons = pythons(environment.get("KETJU_TORCH_PYTHON"));
        jemalloc = library(environment.get("KETJU_TORCH_JEMALLOC"), "libjemalloc.so.2");
        openBlas = library(environment.get("KETJU_TORCH_OPENBLAS"), "openblas-pthread/libblas.so.3");
    }

    /** The main interpreter as it comes; nothing if there is no PyTorch. */
    public Optional<TorchSetting> plain() {
        return pythons.stream().findFirst().map(python -> new TorchSetting("torch", python, List.of(), false));
    }

    /** All settings that a comparison of whole steps tries, the best of which counts. */
    public List<TorchSetting> all() {
        List<TorchSetting> settings = new ArrayList<>();
        plain().ifPresent(torch -> {
            settings.add(torch);
            settings.add(new TorchSetting("torch tuned", torch.python(), List.of(), true));
            jemalloc.ifPresent(allocator -> {
                settings.add(new TorchSetting("torch jemalloc", torch.python(), List.of(allocator), false));
                settings.add(new TorchSetting("torch tuned jemalloc", torch.python(), List.of(allocator), true));
            });
        });
        openBlas.ifPresent(blas -> {
            // Mostly for a PyTorch without a BLAS of its own, as Debian's is.
            for (int i = 0; i < pythons.size(); i++) {
                List<Path> preload = new ArrayList<>(jemalloc.stream().toList());
                preload.add(blas);
                String name =
                        "torch" + (i == 0 ? "" : " " + (i + 1)) + " OpenBLAS" + (jemalloc.isEmpty() ? "" : " jemalloc");
                settings.add(new TorchSetting(name, pythons.get(i), preload, false));
            }
        });
        return settings;
    }

    /** Starts PyTorch with so many threads; throws if it does not answer. */
    public PeerProcess start(TorchSetting setting, int threads) throws IOException {
        PeerProcess peer = new PeerProcess(setting.name(), setting.command(script), setting.environment(threads));
        peer.threads(threads);
        return peer;
    }

    private static List<String> pythons(@Nullable String named) {
        if (named != null && !named.isBlank()) {
            List<String> given = List.of(named.split(File.pathSeparator));
            for (String python : given) {
                if (!hasTorch(python)) {
                    throw new IllegalArgumentException(
                            "KETJU_TORCH_PYTHON: " + python + " cannot import torch; leave it out or name another");
                }
            }
            return given;
        }
        List<String> found = new ArrayList<>();
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (found.isEmpty() && hasTorch(python)) {
                found.add(python);
            }
        }
        return found;
    }

    private static boolean hasTorch(String python) {
        try {
            Process process = new ProcessBuilder(python, "-c", "import torch")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // no such interpreter
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for PyTorch", e);
        }
    }

    private static Optional<Path> library(@Nullable String named, String usual) {
        Path path = named == null || named.isBlank() ? LIBRARIES.resolve(usual) : Path.of(named);
        if (Files.exists(path)) {
            return Optional.of(path);
        }
        if (path.startsWith(LIBRARIES)) {
            return Optional.empty();
        }
        throw new IllegalArgumentException("no library at " + path);
    }
}
