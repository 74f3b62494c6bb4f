package io.ketju.deploy.hosts;

import io.ketju.cluster.node.InvalidClusterException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this process runs from, as files for other hosts: the launcher and, beside it, the jars.
 *
 * @param launcher its place in the distribution
 * @param files by their places
 * @param hash of all places and contents
 */
record Distribution(String launcher, SortedMap<String, Path> files, String hash) {
    /** The launcher says where it is. */
    static final String PROPERTY = "ketju.launcher";

    private static final int HASH_DIGITS = 32;

    /** That of this process; throws {@link InvalidClusterException} if it was started another way. */
    static Distribution ofProcess() {
        return of(System.getProperty(PROPERTY, ""), System.getProperty("java.class.path"));
    }

    /**
     * The same.
     *
     * @param script path of the launcher
     * @param classPath as Java has it
     */
    static Distribution of(String script, String classPath) {
        Path launcher = Path.of(script);
        if (script.isEmpty() || !Files.isRegularFile(launcher)) {
            throw new InvalidClusterException(
                    "--hosts: expected a process that Ketju's launcher has started, as it is copied with the jars");
        }
        SortedMap<String, Path> files = new TreeMap<>();
        String place = place(launcher);
        files.put(place, launcher);
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            if (!entry.isEmpty() && Files.isDirectory(jar)) {
                throw new InvalidClusterException("--hosts: expected Ketju as jars, which are copied, found the folder "
                        + jar + " on the class path");
            }
            if (Files.isRegularFile(jar)) {
                files.putIfAbsent("lib/" + jar.getFileName(), jar); // the first of a name is the one that Java reads
            }
        }
        return new Distribution(place, files, hash(files));
    }

    /** Jars lie beside it, or beside its folder where that is for programs. */
    private static String place(Path launcher) {
        Path folder = launcher.toAbsolutePath().getParent();
        boolean inBin = folder != null
                && folder.endsWith("bin")
                && !Files.isDirectory(folder.resolve("lib"))
                && Files.isDirectory(folder.resolveSibling("lib"));
        return inBin ? "bin/ketju" : "ketju";
    }

    private static String hash(Map<String, Path> files) {
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (Map.Entry<String, Path> file : files.entrySet()) {
                MessageDigest one = MessageDigest.getInstance("SHA-256");
                try (OutputStream digested = new DigestOutputStream(OutputStream.nullOutputStream(), one)) {
                    Files.copy(file.getValue(), digested);
                }
                all.update((file.getKey() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                all.update(one.digest());
            }
            return HexFormat.of().formatHex(all.digest()).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        } catch (IOException e) {
            throw new InvalidClusterException("--hosts: Ketju's own files cannot be read: " + e, e);
        }
    }

    /** All files as a tar archive; the stream stays the caller's. */
    void writeTo(OutputStream out) throws IOException {
        TarStream tar = new TarStream(out);
        for (Map.Entry<String, Path> file : files.entrySet()) {
            tar.add(file.getKey(), file.getValue(), file.getKey().equals(launcher));
        }
        tar.end();
    }

    /** Bytes of all files. */
    long bytes() {
        return files.values().stream().mapToLong(file -> file.toFile().length()).sum();
    }
}
