import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The elements of an SVG file; throws where it is not well-formed.
final class PlotReader: NSObject, XMLParserDelegate {
    /// One element.
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""

        /// A number among its attributes.
        func number(_ attribute: String) throws -> Double {
            let text = try #require(attributes[attribute], "\(name) has no \(attribute)")
            return try #require(Double(text), "\(attribute) is \(text)")
        }
    }

    private(set) var elements: [Element] = []
    private var open: [Int] = []

    init(_ file: URL) throws {
        super.init()
        let parser = XMLParser(data: try Data(contentsOf: file))
        parser.delegate = self
        let isWellFormed = parser.parse()
        try #require(isWellFormed, "\(String(describing: parser.parserError))")
    }

    /// All elements of a name, in their order; of a class, where one is given.
    func all(_ name: String, _ kind: String? = nil) -> [Element] {
        elements.filter {
            $0.name == name && (kind == nil || $0.attributes["class"] == kind)
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String] = [:]
    ) {
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if let last = open.last { elements[last].text += text }
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        open.removeLast()
    }
}
