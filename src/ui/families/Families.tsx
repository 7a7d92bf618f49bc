export default function Families() {
  return null;
}
