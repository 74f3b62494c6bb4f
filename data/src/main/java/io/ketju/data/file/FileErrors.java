package io.ketju.data.file;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words what an {@link IOException} says by its class. */
public final class FileErrors {
    private FileErrors() {}

    /**
     * {@return the reason in a few words on one line, without the file's name where the class of the error says the reason}
     *
     * @param e whose message is used only where its class is none of the known ones
     */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or folder";
            case FileNotFoundException missing -> "no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException file -> "a file of that name is in the way";
            case NotDirectoryException file -> "it is not a folder";
            case DirectoryNotEmptyException folder -> "a folder of that name is in the way";
            case EOFException end -> "the file ends too early";
            case FileSystemException other -> oneLine(other.getReason() == null ? "failed" : other.getReason());
            case IOException other -> oneLine(String.valueOf(other.getMessage()));
        };
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
