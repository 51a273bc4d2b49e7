import Foundation

/// Paths as people write them: those in a file go by the directory of that file.
enum FilePath {
    /// The path as the process finds it that reads it in a file.
    static func resolved(_ path: String, besides file: String) -> String {
        guard !path.hasPrefix("/"), let folder = folder(of: file) else { return path }
        return folder + path
    }

    /// The path as it has to stand in a file.
    static func written(_ path: String, besides file: String) -> String {
        guard let folder = folder(of: file) else { return path }
        if path.hasPrefix(folder) { return String(path.dropFirst(folder.count)) }
        guard !path.hasPrefix("/") else { return path }
        return FileManager.default.currentDirectoryPath + "/" + path
    }

    /// What is no directory on the way to one; nil where nothing is in the way.
    static func firstFile(in directory: String) -> String? {
        // What goes up and down again would never come to the root.
        var url = URL(fileURLWithPath: directory).standardizedFileURL
        var isFolder: ObjCBool = false
        while !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            url.pathComponents.count > 1
        {
            url.deleteLastPathComponent()
        }
        return isFolder.boolValue ? nil : url.path
    }

    /// The directory of a file, with a slash; nil where it is the working directory.
    private static func folder(of file: String) -> String? {
        let folder = (file as NSString).deletingLastPathComponent
        if folder.isEmpty { return nil }
        return folder.hasSuffix("/") ? folder : folder + "/"
    }
}
