package io.ketju.actors.checkpoint;

import io.ketju.data.BadDataException;
import io.ketju.data.safetensors.SafeTensorsReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** A process of its own that reads files which were made to hurt, and says what each did to it. */
final class HostileCheckpoints {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String ENTRY = "{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";

    /** Of a header that is nearly as long as one may be. */
    private static final int LONG = 15_000_000;

    private final Path folder;

    private HostileCheckpoints(Path folder) {
        this.folder = folder;
    }

    /** Of a folder that is empty. */
    public static void main(String[] arguments) throws IOException {
        HostileCheckpoints all = new HostileCheckpoints(Path.of(arguments[0]));
        all.manifests();
        all.shards();
    }

    private interface Reading {
        void read() throws IOException;
    }

    private void manifests() throws IOException {
        SmallRun run = SmallRun.started(folder);
        run.commit(1);
        String sound = Files.readString(run.manifest(1));
        String shard = Shard.fileName(0, 1);
        String entry = "{ \"file\" : \"" + shard + "\", \"bytes\" : 1, \"sha256\" : \"" + "0".repeat(64) + "\" },";
        for (String hostile : List.of(
                sound.replace(shard, "../../../../etc/passwd"),
                sound.replace(shard, "/etc/passwd"),
                sound.replace(shard, "stage-0.incarnation-1.safetensors/../../x"),
                sound.replace(Shard.fileName(1, 1), shard),
                sound.replaceAll("\"bytes\" : \\d+", "\"bytes\" : 4611686018427387904"),
                sound.replace("\"step\"", "\"step\" : 1, \"step\""),
                sound.replace("\"shards\" : [", "\"shards\" : [" + entry.repeat(8_000)),
                "[".repeat(1_000_000),
                "{\"a\":".repeat(200_000),
                "{\"step\" : " + "9".repeat(1_000_000) + "}",
                "{\"jobHash\" : \"" + "x".repeat(1_000_000) + "\"}",
                sound + " ".repeat(5_000_000))) {
            if (hostile.equals(sound)) {
                throw new AssertionError("nothing is hostile about it");
            }
            Files.writeString(run.manifest(1), hostile);
            read(() -> CheckpointReader.verify(run.folder(1)), DamagedCheckpointException.class, excerpt(hostile));
        }
        Files.writeString(run.manifest(1), sound);
        Path file = run.shard(1, 0, 1);
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        read(() -> CheckpointReader.verify(run.folder(1)), DamagedCheckpointException.class, "a link to /dev/zero");
        Files.delete(file);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        read(() -> CheckpointReader.verify(run.folder(1)), DamagedCheckpointException.class, "a tebibyte of holes");
    }

    private void shards() throws IOException {
        shard(HostileCheckpoints::tooManyTensors);
        shard(() -> "{\"x\":" + ENTRY + ",\"x\":" + ENTRY + "}");
        shard(() -> header("[" + "1,".repeat(1_000_000) + "1]", "[0,4]"));
        shard(() -> header("[4294967296,4294967296]", "[0,0]"));
        shard(() -> header("[3037000500,3037000500]", "[0,8]"));
        shard(() -> header("[2]", "[0,9223372036854775807]"));
        shard(() -> header("[2]", "[-8,0]"));
        shard(() -> "[".repeat(LONG));
        shard(() -> "{\"x\":".repeat(LONG / 5));
        shard(() -> "{\"" + "n".repeat(LONG) + "\":1}");
        shard(() -> "{\"../../etc/passwd\":1}");
        for (long length : new long[] {-1, 0, 1, Long.MAX_VALUE, 1L << 31, 60L << 30}) {
            shard(length, () -> "{}");
        }
    }

    private static String tooManyTensors() {
        StringBuilder many = new StringBuilder(LONG + 100).append('{');
        for (int i = 0; many.length() < LONG; i++) {
            many.append(i == 0 ? "\"" : ",\"").append(i).append("\":").append(ENTRY);
        }
        return many.append('}').toString();
    }

    private void shard(Supplier<String> header) throws IOException {
        shard(header.get().length(), header);
    }

    private void shard(long length, Supplier<String> header) throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (var out = Files.newOutputStream(file)) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .array());
            out.write(header.get().getBytes(StandardCharsets.US_ASCII));
        }
        read(() -> SafeTensorsReader.open(file).close(), BadDataException.class, length + " " + excerpt(header.get()));
    }

    /** The second time counts, when classes are loaded. */
    private static void read(Reading reading, Class<? extends Throwable> expected, String what) {
        double millis = 0;
        String found = "";
        for (int time = 0; time < 2; time++) {
            long begun = THREADS.getCurrentThreadCpuTime();
            try {
                reading.read();
                found = "was taken";
            } catch (Throwable e) {
                found = expected.isInstance(e) ? HostileCheckpointCostTest.REFUSED : e.toString();
            }
            millis = (THREADS.getCurrentThreadCpuTime() - begun) / 1e6;
        }
        System.out.printf(Locale.ROOT, "%.1f ms: %s: %s%n", millis, found, what);
    }

    private static String header(String shape, String offsets) {
        return "{\"x\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    private static String excerpt(String text) {
        return text.substring(0, Math.min(text.length(), 40)).replace('\n', ' ');
    }
}
