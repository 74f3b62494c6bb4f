package io.ketju.deploy.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How one process asks something of a run that another process directs: by files in the run's folder.
 *
 * <pre>
 * NAME.request   what is asked; the run removes it when it takes it
 * NAME.answer    what it says: "done LINE" or "refused LINE"; whoever asked removes it
 * </pre>
 *
 * Both appear whole. They are as safe as the folder: requests of other users than the folder's are not taken.
 */
final class RequestFiles {
    /** Longest text of either. */
    static final int MOST_BYTES = 64 * 1024;

    static final String DONE = "done ";
    static final String REFUSED = "refused ";

    private static final String REQUEST = ".request";
    private static final String ANSWER = ".answer";

    private RequestFiles() {}

    static Path request(Path run, String name) {
        return run.resolve(name + REQUEST);
    }

    /** Where the answer to a request is. */
    static Path answer(Path request) {
        String name = String.valueOf(request.getFileName());
        return request.resolveSibling(name.substring(0, name.length() - REQUEST.length()) + ANSWER);
    }

    /** All requests of a run, in the order of their names. */
    static List<Path> requests(Path run) throws IOException {
        return all(run, REQUEST);
    }

    /** Removes the answers that nobody waited for. */
    static void removeAnswers(Path run) throws IOException {
        for (Path left : all(run, ANSWER)) {
            Files.deleteIfExists(left);
        }
    }

    private static List<Path> all(Path run, String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(run, "*" + ending)) {
            files.forEach(found::add);
        }
        Collections.sort(found);
        return found;
    }

    /** Writes a file that was not there, or takes the place of the one that was. */
    static void write(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling("." + file.getFileName() + ".tmp");
        Files.writeString(unfinished, text);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The text of a plain file of the folder's owner; throws for any other. */
    static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + ": expected a plain file");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(folder))) {
            throw new IOException(file + ": expected a file of " + Files.getOwner(folder) + ", found one of "
                    + Files.getOwner(file, LinkOption.NOFOLLOW_LINKS));
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException(file + ": expected at most " + MOST_BYTES + " bytes, found more");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
