// Reads a JSON list of texts from standard input and writes what X's own library says of each: the
// weighted length, and kind, start and end (in code points of the NFC form) of what it draws apart.
// A mention or tag that shares a sign with a link is left out: the link is what X charges for.
const library = require("twitter-text");

function read(text) {
  const normal = text.normalize("NFC");
  const points = (unit) => [...normal.slice(0, unit)].length;
  const links = library.extractUrlsWithIndices(normal).map(({ indices }) => indices);
  const apart = ([start, end]) => links.every(([from, to]) => end <= from || to <= start);
  const found = [
    ["link", links],
    ["mention", library.extractMentionsOrListsWithIndices(normal)],
    ["hashtag", library.extractHashtagsWithIndices(normal, { checkUrlOverlap: false })],
    ["cashtag", library.extractCashtagsWithIndices(normal)],
  ].flatMap(([kind, entities]) =>
    entities
      .map((entity) => entity.indices ?? entity)
      .filter((span) => kind === "link" || apart(span))
      .map((span) => [kind, ...span]),
  );
  found.sort((one, other) => one[1] - other[1]);
  return [
    library.parseTweet(text).weightedLength,
    found.map(([kind, start, end]) => [kind, points(start), points(end)]),
  ];
}

const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map(read)));
